/** "Are you sure?" only where it hurts: `await confirmed({...})`. */
import { signal } from "@preact/signals";
import { html } from "htm/preact";
import { t } from "../lib/i18n.js";
import { Modal } from "./modal.js";

const question = signal(null);

/** → true when the person agreed. What does harm is not under the next Enter. */
export function confirmed({ title, words, act, danger = false }) {
  return new Promise((answer) => (question.value = { title, words, act, danger, answer }));
}

export function ConfirmDialog() {
  const asked = question.value;
  if (!asked) return null;
  const decide = (yes) => {
    question.value = null;
    asked.answer(yes);
  };
  return html`<${Modal} title=${asked.title} onClose=${() => decide(false)}>
    <p>${asked.words}</p>
    <div class="dialog-foot">
      <button type="button" class="button" autofocus=${asked.danger} onClick=${() => decide(false)}>${t("Cancel")}</button>
      <button type="button" class=${`button ${asked.danger ? "button-danger" : "button-primary"}`} autofocus=${!asked.danger}
        onClick=${() => decide(true)}>${asked.act}</button>
    </div>
  <//>`;
}
