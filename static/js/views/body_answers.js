import { html } from "htm/preact";
import { fullTime, number } from "../lib/format.js";
import { isolate, list, t } from "../lib/i18n.js";
import { Icon } from "./icon.js";
import { Outside, Sign } from "./said.js";

/** A form the customer filled in: every answer by its name. */
export function FormAnswers({ form }) {
  const rows = Object.entries(form.fields ?? {});
  return html`<${Answers} icon="form" title=${t("Form filled in")} rows=${rows.map(([name, value]) => [tidy(name), value])}
    empty=${form.missing ? t("The answers did not arrive.") : t("The form came back empty.")} />`;
}

export function LeadAnswers({ lead }) {
  const rows = (lead.answers ?? []).map(({ question, answer }) => [question, answer]);
  return html`<${Answers} icon="form" title=${lead.complete === false ? t("Form of the ad, not finished") : t("Form of the ad")} rows=${rows}
    empty=${t("The answers did not arrive.")} />`;
}

export function CallPermission({ answer }) {
  const yes = answer.response === "accept";
  return html`<div class="card card-row"><${Icon} name="call" /><div class="card-body">
    <strong>${yes ? t("We may call") : t("No calls, please")}</strong>
    ${yes && answer.until && html`<span class="quiet">${t("until {time}", { time: fullTime(answer.until) })}</span>`}</div></div>`;
}

export function Appointment({ appointment }) {
  return html`<div class="card card-row"><${Icon} name="calendar" /><div class="card-body">
    <strong dir="auto">${appointment.title || t("Appointment")}</strong>
    ${appointment.start_at && html`<time datetime=${appointment.start_at}>${fullTime(appointment.start_at)}</time>`}
    <${Outside} url=${appointment.url}>${t("Open")}<//></div></div>`;
}

function Answers({ icon, title, rows, empty }) {
  if (rows.length === 0) return html`<${Sign} icon=${icon}>${title}. ${empty}<//>`;
  return html`<div class="card answers"><div class="card-head"><${Icon} name=${icon} /><strong>${title}</strong></div>
    <dl>${rows.map(([name, value], index) => html`<div key=${index}><dt class="break" dir="auto">${name}</dt>
      <dd class="break" dir="auto">${said(value)}</dd></div>`)}</dl></div>`;
}

function said(value) {
  if (Array.isArray(value)) return value.length ? list(value.map((one) => isolate(String(said(one))))) : "–";
  if (typeof value === "boolean") return value ? t("Yes") : t("No");
  if (typeof value === "number") return number(value);
  return value === null || value === "" ? "–" : String(value);
}

/** "screen_0_First_name_1" was made by a program for programs; its words are for people. */
function tidy(name) {
  const words = name.replace(/^screen_\d+_/i, "").replace(/_\d+$/, "").replace(/[_.]+/g, " ").replace(/([a-z])([A-Z])/g, "$1 $2").trim();
  return words ? words[0].toUpperCase() + words.slice(1) : name;
}
