/** Small forms over the thread for what is more than words. */
import { html } from "htm/preact";
import { useState } from "preact/hooks";
import { t } from "../lib/i18n.js";
import { lengthOf } from "../lib/length.js";
import { filling } from "./composing.js";
import { Field } from "./filling_field.js";
import { Icon } from "./icon.js";
import { Modal } from "./modal.js";
import { TemplatePicker } from "./template_picker.js";

export function Filling({ id, summary, thread, onSend }) {
  const { form, given } = filling.value ?? {};
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
  const Form = { link: LinkForm, ask_location: AskForm, ask_contact: AskForm }[form];
  return Form ? html`<${Form} kind=${form} given=${given} limits=${thread.limits[form]} onSend=${send} onClose=${close} />` : null;
}

/** Words with one button that opens an address. */
function LinkForm({ given, limits, onSend, onClose }) {
  const [said, setSaid] = useState({ text: given?.text ?? "", title: given?.title ?? "", url: given?.url ?? "https://" });
  const put = (name) => (value) => setSaid({ ...said, [name]: value });
  const address = /^https?:\/\/[^\s.]+\.[^\s]+$/i.test(said.url.trim());
  const fits = said.text.trim() && said.title.trim() && address && within(said.text, limits?.text) && said.title.length <= (limits?.title_max ?? 20);
  const submit = () => {
    const outgoing = { kind: "link", text: said.text.trim(), title: said.title.trim(), url: said.url.trim() };
    onSend(outgoing, { kind: "link", text: outgoing.text, body: outgoing }, outgoing.text);
  };
  return html`<${Sheet} title=${t("Button with a link")} fits=${fits} onSubmit=${submit} onClose=${onClose}>
    <${Field} label=${t("Words above the button")} value=${said.text} onInput=${put("text")} limit=${limits?.text} rows="3" first=${true} />
    <${Field} label=${t("Words on the button")} value=${said.title} onInput=${put("title")} limit=${{ unit: "characters", max: limits?.title_max ?? 20 }} />
    <${Field} label=${t("Address it opens")} value=${said.url} onInput=${put("url")} kind="url"
      wrong=${said.url.length > 8 && !address ? t("An address begins with https:// and names a site.") : ""} />
  <//>`;
}

function AskForm({ kind, given, limits, onSend, onClose }) {
  const place = kind === "ask_location";
  const [text, setText] = useState(given?.text ?? (place ? t("Would you send us your location, please?") : t("Would you share your phone number with us, please?")));
  const submit = () => onSend({ kind, text: text.trim() }, { kind, text: text.trim() }, text.trim());
  return html`<${Sheet} title=${place ? t("Ask for the location") : t("Ask for the phone number")} fits=${text.trim() && within(text, limits?.text)} onSubmit=${submit} onClose=${onClose}>
    <p class="quiet small">${place ? t("The customer gets a button that sends their location.") : t("The customer gets a button that shares their number.")}</p>
    <${Field} label=${t("What you ask")} value=${text} onInput=${setText} limit=${limits?.text} rows="3" first=${true} />
  <//>`;
}

function Sheet({ title, fits, onSubmit, onClose, children }) {
  const submit = (event) => {
    event.preventDefault();
    if (fits) onSubmit();
  };
  return html`<${Modal} title=${title} onClose=${onClose}><form class="stack" onSubmit=${submit}>${children}
    <div class="dialog-foot"><button type="button" class="button" onClick=${onClose}>${t("Cancel")}</button>
      <button type="submit" class="button button-primary" disabled=${!fits}><${Icon} name="send" turns=${true} />${t("Send")}</button></div></form><//>`;
}

function within(text, limit) {
  return !limit || lengthOf(text, limit.unit) <= limit.max;
}
