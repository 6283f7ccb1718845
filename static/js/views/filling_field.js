import { html } from "htm/preact";
import { useId, useState } from "preact/hooks";
import { number, t } from "../lib/i18n.js";
import { lengthOf } from "../lib/length.js";

const SHORT = 100;
const NEAR = 0.8;

/**
 * One thing to fill in; how much of it there may be is told where that is little, or nearly reached. `wrong` is told once
 * it was left, `told` (what the server said) at once. `path`: its name in the form; `small`: it belongs to the one above,
 * and its label stands in it.
 */
export function Field({ label, value, onInput, path = null, limit = null, lines = null, kind = "text", first = false, required = false, wrong = "", told = "", hint = "", placeholder = "", small = false }) {
  const [left, setLeft] = useState(false);
  const id = useId();
  const length = limit ? lengthOf(value.trim(), limit.unit) : 0;
  const over = limit && length > limit.max;
  const counted = limit && (small ? length > limit.max * NEAR : limit.max <= SHORT || length > limit.max * NEAR);
  const words = told || (left && wrong) || "";
  const props = { class: "input", id, "data-path": path, dir: ["url", "tel", "email"].includes(kind) ? "ltr" : "auto", value, autofocus: first, placeholder: placeholder || (small ? label : ""),
    required, "aria-invalid": over || words ? "true" : null, "aria-describedby": `${id}-more`, onBlur: () => setLeft(true), onInput: (event) => onInput(event.currentTarget.value) };
  return html`<div class="field"><span class=${small && !counted ? "unseen" : "row row-apart"}><label class=${small ? "unseen" : "label"} for=${id}>${label}</label>
      ${counted && html`<span class="quiet small field-count" data-over=${over ? "" : null}>${t("{length} of {max}", { length: number(length), max: number(limit.max) })}</span>`}</span>
    ${lines ? html`<textarea ...${props} rows=${lines} />` : html`<input ...${props} type="text" inputmode=${kind === "text" ? null : kind} autocomplete="off" />`}
    <span class="field-more" id=${`${id}-more`}>
      ${hint && html`<span class="quiet small" dir="auto">${hint}</span>`}
      ${over && html`<span class="wrong small">${t.n("{count} too many", "{count} too many", length - limit.max)}</span>`}
      ${words && html`<span class="wrong small">${words}</span>`}</span></div>`;
}
