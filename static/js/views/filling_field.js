import { html } from "htm/preact";
import { number, t } from "../lib/i18n.js";
import { lengthOf } from "../lib/length.js";

const SHORT = 100;
const NEAR = 0.8;

/** One thing to fill in; how much of it there may be is told where that is little, or nearly reached. */
export function Field({ label, value, onInput, limit = null, rows = null, kind = "text", first = false, wrong = "", hint = "", placeholder = "" }) {
  const length = limit ? lengthOf(value, limit.unit) : 0;
  const over = limit && length > limit.max;
  const counted = limit && (limit.max <= SHORT || length > limit.max * NEAR);
  const props = { class: "input", dir: kind === "url" ? "ltr" : "auto", value, autofocus: first, placeholder, "aria-invalid": over || wrong ? "true" : null,
    onInput: (event) => onInput(event.currentTarget.value) };
  return html`<label class="field"><span class="label row row-apart"><span>${label}</span>
      ${counted && html`<span class="quiet small field-count" data-over=${over ? "" : null}>${t("{length} of {max}", { length: number(length), max: number(limit.max) })}</span>`}</span>
    ${rows ? html`<textarea ...${props} rows=${rows} />` : html`<input ...${props} type=${kind} />`}
    ${hint && html`<span class="quiet small" dir="auto">${hint}</span>`}
    ${wrong && html`<span class="wrong small">${wrong}</span>`}</label>`;
}
