// The words of the page in its own language. English is the key; the catalogue comes with the page.

const { texts, language, dir } = readCatalogue();
// Western digits in Arabic too: times, prices and phone numbers stand beside each other all day.
const locale = language === "ar" ? "ar-EG-u-nu-latn" : language === "en" ? "en-GB" : language;
const plural = new Intl.PluralRules(locale);
// The order of Arabic's forms in the .po file; two-form languages keep one and other.
const FORMS = language === "ar" ? ["zero", "one", "two", "few", "many", "other"] : ["one", "other"];

/** `t("Resolve")`, `t("Transfer to {name}", { name })`. */
export function t(key, values) {
  return fill(one(texts[key]) || key, values);
}

/** `t.n("{count} minute", "{count} minutes", 3)`: the form the language asks for; `{count}` is written as a number. */
t.n = (singular, pluralised, count, values) => {
  const forms = texts[singular];
  const form = plural.select(count);
  const text = Array.isArray(forms) ? forms[FORMS.indexOf(form)] : null;
  return fill(text || (count === 1 ? singular : pluralised), { count: number(count), ...values });
};

export { dir, language, locale };

const numbers = new Intl.NumberFormat(locale);

export function number(value) {
  return numbers.format(value);
}

/** "14:05"; an ISO string, milliseconds or a Date. `zone` as in Europe/Madrid; none is the reader's own. */
export function clockTime(value, zone) {
  return format({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" }, zone, value);
}

/** "14:05:12" */
export function exactTime(value) {
  return format({ hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" }, undefined, value);
}

/** "Sunday 22 November", with the year when it is another one. */
export function day(value, zone) {
  const year = new Date(value).getFullYear() === new Date().getFullYear() ? undefined : "numeric";
  return format({ weekday: "long", day: "numeric", month: "long", year }, zone, value);
}

/** "22 Nov 2026, 14:05". */
export function dateTime(value, zone) {
  return format({ day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit",
    hourCycle: "h23" }, zone, value);
}

/** "Ana, Bilal and Carla" in the language's way. */
export function list(parts) {
  return new Intl.ListFormat(locale, { type: "conjunction" }).format(parts);
}

const FOREIGN = dir === "rtl" ? /^[^\u2066-\u2069]*[+\p{Script=Latin}]/u : /^[^\u2066-\u2069]*[\p{Script=Arabic}\p{Script=Hebrew}]/u;

/** A name that runs the other way keeps its own order and leaves the sentence's alone. */
export function isolate(text) {
  return FOREIGN.test(text) ? `\u2068${text}\u2069` : text;
}

const formats = new Map();

function format(options, zone, value) {
  const key = JSON.stringify([options, zone]);
  if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat(locale, { ...options, timeZone: zone }));
  return formats.get(key).format(new Date(value));
}

function one(text) {
  return Array.isArray(text) ? text.at(-1) : text;
}

function fill(text, values) {
  if (!values) return text;
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? isolate(String(values[name])) : whole));
}

function readCatalogue() {
  const element = globalThis.document?.getElementById("catalogue");
  return element ? JSON.parse(element.textContent) : { language: "en", dir: "ltr", texts: {} };
}
