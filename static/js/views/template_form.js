import { html } from "htm/preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { drop } from "../lib/api.js";
import { t } from "../lib/i18n.js";
import { without } from "../lib/paths.js";
import { fieldsOf, isFile, preview, unfilled } from "../lib/templates.js";
import { languageName } from "../lib/words.js";
import { Files } from "./body_files.js";
import { TemplateFace } from "./body_sent.js";
import { Field } from "./filling_field.js";
import { Icon } from "./icon.js";
import { TemplateFile } from "./template_file.js";

/** One template filled in, seen beside as it will arrive. */
export function TemplateForm({ id, template, limits, given, onBack, onSend }) {
  const [values, setValues] = useState(() => given ?? {});
  const [files, setFiles] = useState({});
  const root = useRef(null);
  const sent = useRef(false);
  const latest = useRef(files);
  latest.current = files;
  const fields = fieldsOf(template);
  const missing = unfilled(template, values);
  const long = fields.find((field) => field.max && typeof values[field.key] === "string" && values[field.key].length > field.max);
  const face = preview(template, values);
  useEffect(() => {
    root.current.querySelector(".template-fields input, .template-fields textarea, .composer-send")?.focus();
    // What was brought here and not sent is nobody's.
    return () => sent.current || Object.values(latest.current).forEach((file) => drop(`/api/attachments/${file.id}`).catch(() => {}));
  }, []);

  const put = (key) => (value) => setValues((before) => ({ ...before, [key]: value }));
  const putFile = (key) => (file) => {
    setFiles((before) => (file ? { ...before, [key]: file } : without(before, key)));
    put(key)(file?.id);
  };
  const submit = (event) => {
    event.preventDefault();
    if (missing || long) return;
    sent.current = true;
    const filled = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined && value !== ""));
    const outgoing = { kind: "template", name: template.name, language: template.language, values: filled };
    const body = { kind: "template", name: template.name, language: template.language, preview: face };
    onSend(outgoing, { kind: "template", text: face.body, body, attachments: attached(files) }, face.body);
  };

  return html`<form class="template-form" ref=${root} onSubmit=${submit}>
    <header class="row"><button type="button" class="button button-quiet button-icon" aria-label=${t("Back to the templates")} title=${t("Back to the templates")} onClick=${onBack}>
        <${Icon} name="back" turns=${true} /></button>
      <strong class="grow cut" dir="auto">${template.name.replaceAll("_", " ")}</strong><span class="quiet small">${languageName(template.language.replace("_", "-"))}</span></header>
    <div class="template-sides">
      <div class="template-fields stack">
        ${fields.length === 0 && html`<p class="quiet">${t("Nothing to fill in.")}</p>`}
        ${fields.map((field) => html`<${One} key=${field.key} id=${id} field=${field} limits=${limits} value=${values[field.key]} file=${files[field.key]}
          onInput=${put(field.key)} onFile=${putFile(field.key)} />`)}
      </div>
      <div class="template-preview" aria-live="polite"><span class="label">${t("As it will arrive")}</span>
        <div class="bubble"><${TemplateFace} preview=${face} file=${attached(files).length ? html`<${Files} message=${{ kind: "template", attachments: attached(files) }} />` : null} /></div></div>
    </div>
    <div class="dialog-foot">${missing && html`<span class="quiet small grow">${t("Still to fill in: {field}", { field: labelOf(missing) })}</span>`}
      <button type="submit" class="button button-primary composer-send" disabled=${Boolean(missing || long)}><${Icon} name="send" turns=${true} />${t("Send")}</button></div>
  </form>`;
}

function One({ id, field, limits, value, file, onInput, onFile }) {
  const label = labelOf(field) + (field.required ? "" : ` (${t("may be left out")})`);
  if (isFile(field)) return html`<${TemplateFile} id=${id} kind=${field.type} label=${label} limit=${limits?.media?.[field.type]} file=${file} onFile=${onFile} />`;
  if (field.type === "location") return html`<${PlaceField} label=${label} value=${value ?? {}} onInput=${onInput} />`;
  return html`<${Field} label=${label} value=${value ?? ""} onInput=${onInput} limit=${field.max ? { unit: "characters", max: field.max } : null}
    placeholder=${field.example ? t("For example {words}", { words: field.example }) : ""} />`;
}

function PlaceField({ label, value, onInput }) {
  const part = (name, words, number = false) => html`<label class="field"><span class="label">${words}</span><input class="input" dir=${number ? "ltr" : "auto"}
    inputmode=${number ? "decimal" : null} value=${value[name] ?? ""} onInput=${(event) => {
      const given = event.currentTarget.value;
      onInput({ ...value, [name]: number ? (given.trim() && Number.isFinite(Number(given)) ? Number(given) : undefined) : given });
    }} /></label>`;
  return html`<fieldset class="stack"><legend class="label">${label}</legend>
    <div class="row">${part("latitude", t("Latitude"), true)}${part("longitude", t("Longitude"), true)}</div>
    ${part("name", t("Name of the place"))}${part("address", t("Address"))}</fieldset>`;
}

/** In words: Meta names variables by numbers, or by words for programs. */
function labelOf(field) {
  if (field.type === "image") return t("Photo at the top");
  if (field.type === "video") return t("Video at the top");
  if (field.type === "document") return t("Document at the top");
  if (field.type === "location") return t("Place at the top");
  if (field.component === "button") return field.label ? t("Button “{name}”", { name: field.label }) : t("Button");
  if (/^\d+$/.test(field.label)) return field.component === "header" ? t("Words at the top") : t("Words {number}", { number: field.label });
  return field.label.replaceAll("_", " ");
}

function attached(files) {
  return Object.values(files).map((file) => ({ state: "stored", reason: null, ...file }));
}
