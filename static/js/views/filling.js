/** Small forms over the thread for what is more than words. */
import { html } from "htm/preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../lib/i18n.js";
import { obstacle } from "../lib/obstacles.js";
import { draftOf, FORMS, outgoingOf, wordsOf } from "../lib/outgoing_forms.js";
import { at, isBlank, put, tidied } from "../lib/paths.js";
import { keepUnfinished, unfinished } from "../lib/unfinished.js";
import { filling } from "./composing.js";
import { Parts } from "./filling_rows.js";
import { Icon } from "./icon.js";
import { MessageBody } from "./message_body.js";
import { Modal } from "./modal.js";
import { TemplatePicker } from "./template_picker.js";

export function Filling({ id, summary, thread, onSend }) {
  const { form, given, errors = [] } = filling.value ?? {};
  if (!form) return null;
  const close = () => (filling.value = null);
  const send = (...said) => {
    close();
    onSend(...said);
  };
  if (form === "template") {
    return html`<${Modal} title=${t("Send a template")} onClose=${close} kind="templates-dialog">
      <${TemplatePicker} id=${id} summary=${summary} thread=${thread} given=${given} onSend=${send} /><//>`;
  }
  return html`<${Sheet} key=${form} id=${id} form=${form} given=${given} errors=${errors} limits=${thread.limits} channel=${summary.channel} onSend=${send} onClose=${close} />`;
}

/** One form: filled in at one side, seen at the other as it will arrive. Closed without sending, it is kept. */
function Sheet({ id, form, given, errors, limits, channel, onSend, onClose }) {
  const { blank, parts: partsOf, name, hint, named = {} } = FORMS[form];
  const [draft, setDraft] = useState(() => (given ? draftOf(form, given) : unfinished(id, form) ?? blank()));
  const [wrong, setWrong] = useState(() => errors.map(({ field, detail }) => ({ path: named[field] ?? field, words: detail })));
  const root = useRef(null);
  useEffect(() => {
    // It was taken back to be mended: nowhere else is it kept any more.
    if (given) keepUnfinished(id, form, draft);
  }, []);
  const parts = partsOf(limits, draft, channel);
  const hindered = obstacle(parts, draft);
  const begun = JSON.stringify(tidied(draft)) !== JSON.stringify(tidied(blank()));
  const change = (path, value) => {
    const next = put(draft, path, value);
    setDraft(next);
    // What the server said of it was about other words.
    setWrong(wrong.filter((one) => !one.path.startsWith(path)));
    keepUnfinished(id, form, isBlank(next) ? null : next);
  };
  const toldAt = (path) => wrong.find((one) => one.path === path)?.words ?? "";
  const elsewhere = wrong.filter((one) => at(draft, one.path) === undefined);
  const submit = (event) => {
    event.preventDefault();
    if (hindered) return root.current.querySelector(`[data-path="${CSS.escape(hindered.path)}"]`)?.focus();
    const outgoing = outgoingOf(form, draft);
    keepUnfinished(id, form, null);
    return onSend(outgoing, { kind: outgoing.kind, text: outgoing.text ?? "", body: outgoing }, wordsOf(outgoing));
  };
  const discard = () => {
    keepUnfinished(id, form, null);
    onClose();
  };
  const onKeyDown = (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    root.current.requestSubmit();
  };
  return html`<${Modal} title=${name(channel)} onClose=${onClose} kind="filling-sheet">
    <form ref=${root} class="filling-form" noValidate onSubmit=${submit} onKeyDown=${onKeyDown}>
      ${hint?.(channel) && html`<p class="quiet small">${hint(channel)}</p>`}
      ${elsewhere.length > 0 && html`<p class="wrong" role="alert"><${Icon} name="alert" />${elsewhere.map(({ words }) => words).join(" ")}</p>`}
      <div class="template-sides">
        <div class="stack"><${Parts} parts=${parts} form=${{ draft, put: change, told: toldAt }} first=${true} /></div>
        <${Preview} form=${form} draft=${draft} channel=${channel} />
      </div>
      <div class="dialog-foot"><span class="quiet small grow" role="status">${hindered?.words ?? ""}</span>
        ${begun ? html`<button type="button" class="button button-quiet" onClick=${discard}>${t("Discard the draft")}</button>`
          : html`<button type="button" class="button" onClick=${onClose}>${t("Cancel")}</button>`}
        <button type="submit" class="button button-primary" disabled=${Boolean(hindered)}><${Icon} name="send" turns=${true} />${t("Send")}</button></div>
    </form><//>`;
}

function Preview({ form, draft, channel }) {
  const body = outgoingOf(form, draft);
  const empty = isBlank(tidied(draft));
  return html`<div class="template-preview"><span class="label">${t("As it will arrive")}</span>
    ${empty ? html`<p class="quiet small">${t("What you fill in shows here.")}</p>`
      : html`<div class="bubble"><${MessageBody} message=${shownOf(body, channel)} /></div>`}</div>`;
}

function shownOf(body, channel) {
  const { kind, text = "" } = body;
  // A place is words with a link where there is no message for it.
  if (kind === "location" && channel !== "whatsapp") {
    const link = Number.isFinite(body.latitude) ? `https://maps.google.com/?q=${body.latitude},${body.longitude}` : "";
    return { kind: "text", direction: "outbound", text: [body.name, body.address, link].filter(Boolean).join("\n"), body: {} };
  }
  return { kind, direction: "outbound", text, body };
}
