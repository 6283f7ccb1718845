import { html } from "htm/preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { number, t } from "../lib/i18n.js";
import { at, isBlank } from "../lib/paths.js";
import { Field } from "./filling_field.js";
import { Icon } from "./icon.js";

/** The parts of a form: fields, and rows of fields. `form`: {draft, put, told}. */
export function Parts({ parts, form, first = false }) {
  return parts.map((part, index) => (part.rows
    ? html`<${Rows} key=${part.path} part=${part} form=${form} />`
    : html`<${Field} key=${part.path} ...${part} first=${first && index === 0} value=${at(form.draft, part.path) ?? ""} told=${form.told(part.path)}
        wrong=${isBlank(at(form.draft, part.path)) ? "" : part.check?.(at(form.draft, part.path)) ?? ""} onInput=${(value) => form.put(part.path, value)} />`));
}

/** As many as the channel takes: Enter goes on to the next, Backspace in an empty one takes it away. */
function Rows({ part, form }) {
  const { path, label, rows, called = (n) => rows(n)[0].label, blank, max, count, most = max, add } = part;
  const items = at(form.draft, path);
  const root = useRef(null);
  const next = useRef(null);
  useLayoutEffect(() => {
    if (next.current === null) return;
    inputs(root.current, `${path}[${next.current}]`)[0]?.focus();
    next.current = null;
  });
  const set = (found, focus) => {
    next.current = focus;
    form.put(path, found);
  };
  const insert = (n) => set(items.toSpliced(n, 0, blank), n);
  const remove = (n) => set(items.toSpliced(n, 1), Math.max(0, n - 1));
  const onKeyDown = (event, n) => {
    const { target } = event;
    if (event.isComposing || event.ctrlKey || event.metaKey || target.tagName !== "INPUT") return;
    if (event.key === "Enter") {
      event.preventDefault();
      event.stopPropagation();
      const own = inputs(root.current, `${path}[${n}]`);
      // Rows that hold rows are gone through field by field.
      if (Object.values(blank).some(Array.isArray) && target !== own.at(-1)) own[own.indexOf(target) + 1].focus();
      else if (n + 1 < items.length && (isBlank(items[n + 1]) || items.length >= max)) inputs(root.current, `${path}[${n + 1}]`)[0]?.focus();
      else if (items.length < max) insert(n + 1);
    } else if (event.key === "Backspace" && items.length > 1 && isBlank(items[n]) && target === inputs(root.current, `${path}[${n}]`)[0]) {
      event.preventDefault();
      event.stopPropagation();
      remove(n);
    }
  };
  return html`<fieldset class="filling-rows" ref=${root}>
    <legend class=${count === undefined ? "unseen" : "row row-apart"}><span class="label">${label}</span>
      ${count !== undefined && html`<span class="quiet small">${t("{length} of {max}", { length: number(count), max: number(most) })}</span>`}</legend>
    ${form.told(path) && html`<span class="wrong small">${form.told(path)}</span>`}
    ${items.map((item, n) => html`<div class="filling-row" key=${n} onKeyDown=${(event) => onKeyDown(event, n)}>
      <div class="filling-parts"><${Parts} parts=${rows(n)} form=${form} />
        ${form.told(`${path}[${n}]`) && html`<span class="wrong small">${form.told(`${path}[${n}]`)}</span>`}</div>
      ${items.length > 1 && html`<button type="button" class="button button-quiet button-icon" aria-label=${t("Take out {name}", { name: called(n) })}
        title=${t("Take out {name}", { name: called(n) })} onClick=${() => remove(n)}><${Icon} name="close" /></button>`}</div>`)}
    ${items.length < max && html`<button type="button" class="button button-quiet filling-add" onClick=${() => insert(items.length)}><${Icon} name="plus" />${add}</button>`}
  </fieldset>`;
}

/** The fields of one row; those of rows within it come after. */
function inputs(root, path) {
  return [...root.querySelectorAll("[data-path]")].filter((field) => field.dataset.path.startsWith(path));
}
