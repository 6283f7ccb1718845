import { html } from "htm/preact";
import { useState } from "preact/hooks";
import { t } from "../lib/i18n.js";
import { discardMessage, retryMessage } from "../lib/replies.js";
import { say } from "../lib/toasts.js";
import { pickTemplate } from "./composing.js";
import { Icon } from "./icon.js";
import { Waiting } from "./message_waiting.js";

const ON_ITS_WAY = new Set(["queued", "sending"]);

/** What went wrong with our message, in words, with the act that fits. */
export function MessageTrouble({ message, mayAct }) {
  if (message.status === "failed") return html`<${Failed} message=${message} mayAct=${mayAct} />`;
  if (message.status === "uncertain") return html`<${Uncertain} message=${message} mayAct=${mayAct} />`;
  if (ON_ITS_WAY.has(message.status) && message.id) return html`<${Waiting} message=${message} />`;
  if (message.status === "discarded") {
    return html`<p class="message-trouble"><${Icon} name="close" /><span>${message.failure ? t("Discarded. It was not sent.") : t("Discarded. It is not sent again.")}</span></p>`;
  }
  return null;
}

function Failed({ message, mayAct }) {
  const { failure } = message;
  const words = failure?.words || failure?.title || t("It could not be sent.");
  return html`<div class="message-trouble" data-tone="failed">
    <${Icon} name="failed" />
    <span><strong>${t("Not sent.")}</strong> <bdi>${words}</bdi></span>
    ${mayAct && html`<${Acts} message=${message} retry=${failure?.act === "retry" || failure?.act === "wait" ? t("Try again") : null}
      discard=${t("Discard")} template=${failure?.act === "template" && message.kind !== "reaction"} />`}
  </div>`;
}

/** Nobody knows whether it arrived: sending again may say it twice. */
function Uncertain({ message, mayAct }) {
  return html`<div class="message-trouble" data-tone="due-soon">
    <${Icon} name="unsure" />
    <span><strong>${t("May have been sent – check before you send it again.")}</strong> ${t("The line broke before Meta answered.")}</span>
    ${mayAct && html`<${Acts} message=${message} retry=${t("Send again")} discard=${t("Leave it")} />`}
  </div>`;
}

function Acts({ message, retry, discard, template = false }) {
  const [busy, setBusy] = useState(false);
  const act = (run) => async () => {
    setBusy(true);
    try {
      await run(message);
    } catch (error) {
      say(error.detail || t("That did not work. Try again in a moment."), { tone: "failed" });
    }
    setBusy(false);
  };
  return html`<span class="message-acts">
    ${retry && html`<button type="button" class="button" disabled=${busy} onClick=${act(retryMessage)}>
      <${Icon} name="retry" />${retry}</button>`}
    ${template && html`<button type="button" class="button" onClick=${() => pickTemplate()}><${Icon} name="template" />${t("Choose a template")}</button>`}
    <button type="button" class="button button-quiet" disabled=${busy} onClick=${act(discardMessage)}>${discard}</button>
  </span>`;
}
