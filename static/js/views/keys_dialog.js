import { signal } from "@preact/signals";
import { html } from "htm/preact";
import { t } from "../lib/i18n.js";
import { listKeys } from "../lib/keys.js";
import { Modal } from "./modal.js";

export const keysShown = signal(false);

const ORDER = ["j", "k", "enter", "r", "n", "m", "l", "a", "d", "e", "t", "h", "o", "escape", "?"];

/** Every key that works right now, and no other. */
export function KeysDialog() {
  if (!keysShown.value) return null;
  const keys = listKeys().sort((a, b) => ORDER.indexOf(a.key) - ORDER.indexOf(b.key));
  return html`<${Modal} title=${t("Keys")} onClose=${() => (keysShown.value = false)} kind="keys">
    <dl class="key-list">${keys.map((binding) => html`<div key=${`${binding.key}${binding.alt}`}>
      <dt dir="ltr">${binding.alt && html`<kbd>Alt</kbd> `}<kbd>${nameOf(binding.key)}</kbd></dt><dd>${binding.words}</dd></div>`)}</dl>
    <p class="quiet small">${t("Letters work while you are not writing.")}</p>
  <//>`;
}

function nameOf(key) {
  return { enter: "Enter", escape: "Esc" }[key] ?? key.toUpperCase();
}
