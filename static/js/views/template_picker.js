import { html } from "htm/preact";
import { useEffect, useState } from "preact/hooks";
import { ago } from "../lib/format.js";
import { t } from "../lib/i18n.js";
import { readTemplates, refreshTemplates, search } from "../lib/templates.js";
import { now } from "../lib/time.js";
import { languageName } from "../lib/words.js";
import { Icon } from "./icon.js";
import { TemplateForm } from "./template_form.js";

/** Approved templates of the inbox: found, filled in, seen as they will arrive, sent. `given`: one begun before. */
export function TemplatePicker({ id, summary, thread, given = null, onSend }) {
  const [found, setFound] = useState(null);
  const [trouble, setTrouble] = useState("");
  const [words, setWords] = useState("");
  const [language, setLanguage] = useState(null);
  const [chosen, setChosen] = useState(null);
  const [renewing, setRenewing] = useState(false);

  const take = (list) => {
    setFound(list);
    setLanguage((before) => before ?? (list.languages.find((code) => code.split("_")[0] === summary.language) || ""));
    if (given) setChosen((before) => before ?? list.templates.find((one) => one.name === given.name && one.language === given.language) ?? null);
  };
  const read = () => {
    setTrouble("");
    readTemplates(id).then(take, (error) => setTrouble(error.detail || t("The templates could not be read. Try again.")));
  };
  useEffect(read, [id]);
  const renew = async () => {
    setRenewing(true);
    try {
      take(await refreshTemplates(id));
    } catch (error) {
      setTrouble(error.detail || t("The templates could not be read. Try again."));
    }
    setRenewing(false);
  };

  if (trouble) {
    return html`<div class="picker"><p class="wrong" role="alert">${trouble}</p><button type="button" class="button" onClick=${read}>${t("Try again")}</button></div>`;
  }
  if (!found) return html`<p class="quiet" role="status">${t("Reading the templates…")}</p>`;
  if (chosen) {
    return html`<${TemplateForm} key=${chosen.name + chosen.language} id=${id} template=${chosen} limits=${thread.limits} given=${given?.name === chosen.name ? given.values : null}
      onBack=${() => setChosen(null)} onSend=${(...said) => { setChosen(null); onSend(...said); }} />`;
  }
  const shown = search(found.templates, words, language);
  const stopped = thread.window?.marketing_stopped;
  return html`<div class="picker">
    <div class="picker-tools">
      <input type="search" class="input grow" value=${words} placeholder=${t("Search templates")} aria-label=${t("Search templates")} onInput=${(event) => setWords(event.currentTarget.value)} />
      ${found.languages.length > 1 && html`<select class="input picker-language" aria-label=${t("Language")} value=${language ?? ""} onChange=${(event) => setLanguage(event.currentTarget.value)}>
        <option value="">${t("All languages")}</option>${found.languages.map((code) => html`<option key=${code} value=${code}>${languageName(code.replace("_", "-"))}</option>`)}</select>`}
      <button type="button" class="button button-quiet button-icon" title=${renewTitle(found)} aria-label=${t("Read the templates anew")} aria-busy=${renewing ? "true" : null}
        disabled=${renewing} onClick=${renew}><${Icon} name="retry" /></button>
    </div>
    <ul class="picker-list" aria-label=${t("Templates")}>
      ${shown.map((one) => html`<li key=${one.name + one.language}><${Row} template=${one} stopped=${stopped && one.category === "marketing"} onChoose=${() => setChosen(one)} /></li>`)}</ul>
    ${shown.length === 0 && html`<p class="quiet picker-none">${found.templates.length ? t("No template fits. Search for another word, or choose another language.") : t("There is no approved template yet. Your administrator makes them at Meta.")}</p>`}
  </div>`;
}

function Row({ template, stopped, onChoose }) {
  return html`<button type="button" class="picker-row" disabled=${stopped} onClick=${onChoose}>
    <span class="row row-apart"><strong class="cut" dir="auto">${template.name.replaceAll("_", " ")}</strong>
      <span class="row small quiet picker-marks"><span>${categoryName(template.category)}</span><span>${languageName(template.language.replace("_", "-"))}</span></span></span>
    <span class="cut-2 small" dir="auto">${[template.header?.text, template.body].filter(Boolean).join(" · ")}</span>
    ${stopped && html`<span class="small" data-tone="due-soon">${t("The customer takes no marketing messages.")}</span>`}
    ${template.quality === "red" && html`<span class="small" data-tone="due-soon">${t("Meta rates it low: many customers did not want it.")}</span>`}</button>`;
}

function categoryName(category) {
  return { marketing: t("Marketing"), utility: t("Service"), authentication: t("Sign-in code") }[category] ?? category;
}

function renewTitle({ synced_at: at }) {
  return at ? t("Read the templates anew. Last read: {when}", { when: ago(at, now.value) }) : t("Read the templates anew");
}
