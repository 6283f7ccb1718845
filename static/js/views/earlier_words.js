import { html } from "htm/preact";
import { clockTime, fullTime } from "../lib/format.js";
import { t } from "../lib/i18n.js";
import { Icon } from "./icon.js";
import { Popover } from "./popover.js";
import { linked } from "./said.js";

/** "Edited", and on demand what it said before. */
export function EditedMark({ message, opened, onOpen }) {
  const { edited_at: at, earlier = [] } = message;
  if (earlier.length === 0) return html`<span class="message-edited" title=${fullTime(at)}>${t("Edited")}</span>`;
  return html`<button type="button" class="message-edited" title=${t("Edited {time}. Show what it said before.", { time: fullTime(at) })}
    aria-haspopup="dialog" aria-expanded=${String(opened)} onClick=${(event) => onOpen(event.currentTarget)}>${t("Edited")}</button>`;
}

export function EarlierWords({ message, anchor, onClose }) {
  return html`<${Popover} anchor=${anchor} role="dialog" label=${t("What it said before")} kind="earlier-words" onClose=${onClose}>
    <header class="row row-apart"><h4>${t("What it said before")}</h4>
      <button type="button" class="button button-quiet button-icon" aria-label=${t("Close")} onClick=${onClose}><${Icon} name="close" /></button></header>
    <ol>${message.earlier.map(({ text, replaced_at: at }) => html`<li key=${at}>
      <p class="break" dir="auto">${text ? linked(text) : html`<span class="quiet">${t("No words")}</span>`}</p>
      <time class="quiet small" datetime=${at} title=${fullTime(at)}>${t("until {time}", { time: clockTime(at) })}</time></li>`)}</ol><//>`;
}
