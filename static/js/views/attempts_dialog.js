/** How often a message of ours was tried, and what came of each. */
import { signal } from "@preact/signals";
import { html } from "htm/preact";
import { useEffect, useState } from "preact/hooks";
import { get } from "../lib/api.js";
import { fullTime } from "../lib/format.js";
import { t } from "../lib/i18n.js";
import { Icon } from "./icon.js";
import { Modal } from "./modal.js";

const shown = signal(null);
const SIGNS = { accepted: "check", failed: "failed", uncertain: "unsure", queued: "clock", sending: "clock" };

export function showAttempts(message) {
  shown.value = message;
}

export function AttemptsDialog() {
  return shown.value ? html`<${Attempts} key=${shown.value.id} message=${shown.value} onClose=${() => (shown.value = null)} />` : null;
}

function Attempts({ message, onClose }) {
  const [attempts, setAttempts] = useState(null);
  const [trouble, setTrouble] = useState("");
  useEffect(() => {
    get(`/api/messages/${message.id}/attempts`).then((found) => setAttempts(found.attempts), (error) => setTrouble(error.detail || t("The list could not be read. Try again.")));
  }, []);
  return html`<${Modal} title=${t("History of sending")} onClose=${onClose} kind="attempts">
    ${message.text && html`<blockquote class="cut-3" dir="auto">${message.text}</blockquote>`}
    ${!attempts && !trouble && html`<p class="quiet" role="status">${t("Opening…")}</p>`}
    <p class="wrong" role="alert">${trouble}</p>
    ${attempts && html`<ol class="attempt-list">${attempts.map((attempt, index) => html`<${Attempt} key=${index} attempt=${attempt} />`)}</ol>`}
    ${attempts?.length === 0 && html`<p class="quiet">${t("It was not sent from here.")}</p>`}
  <//>`;
}

function Attempt({ attempt }) {
  const at = attempt.sent_at ?? attempt.queued_at;
  const tone = { failed: "failed", uncertain: "due-soon" }[attempt.state] ?? null;
  return html`<li data-tone=${tone}><${Icon} name=${SIGNS[attempt.state] ?? "close"} />
    <div class="stack"><strong>${stateWords(attempt.state)}</strong>
      ${attempt.failure && html`<span>${attempt.failure.words || attempt.failure.title}</span>`}
      <span class="quiet small"><time datetime=${at}>${fullTime(at)}</time>
        ${attempt.calls > 1 && html` · ${t.n("Meta was asked {count} time", "Meta was asked {count} times", attempt.calls)}`}
        ${attempt.failure?.code && html` · ${t("Meta's code {code}", { code: String(attempt.failure.code) })}`}</span></div></li>`;
}

function stateWords(state) {
  return {
    queued: t("Waiting to be sent"),
    sending: t("Being sent"),
    accepted: t("Taken by Meta"),
    failed: t("Not sent"),
    uncertain: t("May have been sent"),
    discarded: t("Discarded"),
  }[state] ?? state;
}
