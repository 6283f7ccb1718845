import { html } from "htm/preact";
import { useEffect, useRef } from "preact/hooks";
import { t } from "../lib/i18n.js";

/** Why not: one press sends it on. The next person may read the reason, so it is never empty. */
export function DeclineReasons({ onDecline, onCancel }) {
  const first = useRef(null);
  useEffect(() => first.current.focus(), []);
  const reasons = [t("Busy with another customer"), t("Not my subject"), t("Leaving my desk"), t("Language")];
  const onKeyDown = (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    onCancel();
  };
  return html`<fieldset class="decline" onKeyDown=${onKeyDown}><legend class="label">${t("Decline because…")}</legend>
    ${reasons.map((reason, index) => html`<button type="button" class="button" key=${reason} ref=${index === 0 ? first : null}
      onClick=${() => onDecline(reason)}>${reason}</button>`)}
    <button type="button" class="button button-quiet" onClick=${onCancel}>${t("Back")}</button>
  </fieldset>`;
}
