/** Message templates: read, searched, filled in. */
import { command, get } from "./api.js";

const POLLS = 6;
const EVERY_MS = 1500;
const FILES = new Set(["image", "video", "document"]);

export function readTemplates(id) {
  return get(`/api/conversations/${id}/templates`);
}

/** Has the server read them anew at Meta. → the list, whether or not it moved. */
export async function refreshTemplates(id) {
  const { synced_at: before } = await command(`/api/conversations/${id}/templates/refresh`, {}, { attempts: 2 });
  for (let poll = 0; poll < POLLS; poll += 1) {
    await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
    const found = await readTemplates(id);
    if (found.synced_at !== before) return found;
  }
  return readTemplates(id);
}

/** Those whose name or words hold what is searched for. */
export function search(templates, words, language) {
  const wanted = words.trim().toLocaleLowerCase();
  return templates.filter((one) => (!language || one.language === language)
    && `${one.name} ${one.name.replaceAll("_", " ")} ${one.header?.text ?? ""} ${one.body}`.toLocaleLowerCase().includes(wanted));
}

/** What a person fills in: not what only programs read. */
export function fieldsOf(template) {
  return template.fields.filter((field) => field.required || !["payload", "flow_token", "product_id"].includes(field.type));
}

export function isFile(field) {
  return FILES.has(field.type);
}

/** As the customer will see it; what is not filled in yet stays as its placeholder. */
export function preview(template, values) {
  const { header, body, footer, buttons } = template;
  // A variable called {{1}} may stand in several parts: each takes its own.
  const put = (text, component, button = null) => template.fields
    .filter((field) => field.component === component && field.button === button && field.placeholder && values[field.key])
    .reduce((found, field) => found.replaceAll(field.placeholder, values[field.key]), text ?? "");
  return {
    header: header && { type: header.type, text: put(header.text, "header") },
    body: put(body, "body"),
    footer,
    buttons: buttons.map((button, index) => ({ ...button, url: button.url && put(button.url, "button", index) })),
  };
}

/** The first thing still to be filled in, or null. */
export function unfilled(template, values) {
  return fieldsOf(template).find((field) => field.required && !isGiven(field, values[field.key])) ?? null;
}

function isGiven(field, value) {
  if (field.type === "location") return Number.isFinite(value?.latitude) && Number.isFinite(value?.longitude);
  return typeof value === "string" ? value.trim() !== "" : Boolean(value);
}
