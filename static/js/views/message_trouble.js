import { html } from "htm/preact";
import { useState } from "preact/hooks";
import { t } from "../lib/i18n.js";
import { discardMessage, retryMessage } from "../lib/replies.js";
import { say } from "../lib/toasts.js";
import { Icon } from "./icon.js";

/** What went wrong with our message, in words, with the act that fits. */
export function MessageTrouble({ message, mayAct }) {
  if (message.status === "failed") return html`<${Failed} message=${message} mayAct=${mayAct} />`;
  if (message.status === "uncertain") return html`<${Uncertain} message=${message} mayAct=${mayAct} />`;
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
    <span><strong>${t("Not sent.")}</strong> <bdi>${words}</bdi> ${advice(failure?.act)}</span>
    ${mayAct && html`<${Acts} message=${message} retry=${failure?.act === "retry" || failure?.act === "wait" ? t("Try again") : null}
      discard=${t("Discard")} />`}
  </div>`;
}

/** Nobody knows whether it arrived: sending again may say it twice. */
function Uncertain({ message, mayAct }) {
  return html`<div class="message-trouble" data-tone="due-soon">
    <${Icon} name="unsure" />
    <span><strong>${t("May have been sent – check.")}</strong> ${t("The line broke before an answer came. Sending again could say it twice.")}</span>
    ${mayAct && html`<${Acts} message=${message} retry=${t("Send again")} discard=${t("Leave it")} />`}
  </div>`;
}

function Acts({ message, retry, discard }) {
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
    <button type="button" class="button button-quiet" disabled=${busy} onClick=${act(discardMessage)}>${discard}</button>
  </span>`;
}

function advice(act) {
  return {
    template: t("You can answer again as soon as the customer writes."),
    wait: t("Wait a little, then try again."),
  }[act] ?? null;
}
