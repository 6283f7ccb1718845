/**
 * What forms are made of. A field: {path, label, limit, required, kind, lines, hint, placeholder, small, check}. Rows: {path, label,
 * rows: index → parts, called: index → name, blank, max, count, most, add, unique, optional, check}.
 */
import { t } from "./i18n.js";
import { isBlank } from "./paths.js";
import { checkAddress } from "./readings.js";

export function words(label, limit) {
  return { path: "text", label, limit: limit ?? null, required: true, lines: 3 };
}

export function line(path, label, max = null, required = false, more = {}) {
  return { path, label, limit: max ? { unit: "characters", max } : null, required, ...more };
}

export function address(path, label, max, required = false) {
  return line(path, label, max, required, { kind: "url", placeholder: "https://", check: checkAddress });
}

export function buttonRows(path, buttons, { buttons_max: max, title_max: titleMax, url_max: urlMax }) {
  return { path, label: t("Buttons"), max, count: filled(buttons), add: t("Another button"), blank: { title: "", url: "" }, optional: path !== "buttons",
    rows: (n) => [
      line(`${path}[${n}].title`, t("Button {number}", { number: n + 1 }), titleMax, true),
      { ...address(`${path}[${n}].url`, t("Address it opens"), urlMax), small: true, placeholder: t("Address, if it opens one") },
    ] };
}

export function checkCard(card) {
  return isBlank({ ...card, title: "" }) ? t("A card needs more than a title: a line, a picture or a button.") : "";
}

/** How many of them say something. */
export function filled(rows) {
  return rows.filter((one) => !isBlank(one)).length;
}
