/** Sheets inside the phone: closed by Escape, focus given back to what opened them. */

import { make, t } from "./dom.js";
import { icon } from "./icons.js";

/** Shows content under a title; returns what closes it, and does something then. */
export function openIn(sheet, title, opener, content) {
  const behind = [...sheet.parentElement.children].filter((other) => other !== sheet);
  const close = (then) => {
    sheet.hidden = true;
    sheet.replaceChildren();
    for (const other of behind) other.inert = false;
    if (opener.isConnected) opener.focus();
    else sheet.parentElement.querySelector("[data-roll]").focus();
    then?.();
  };
  for (const other of behind) other.inert = true;
  const closer = make("button", { type: "button", className: "round", ariaLabel: t("close") }, icon("close"));
  closer.addEventListener("click", () => close());
  const head = make("p", { className: "sheet-head" }, make("strong", { dir: "auto" }, title), closer);
  sheet.replaceChildren(head, ...content);
  sheet.setAttribute("aria-label", title);
  // Braces: a handler that returned false would cancel every other key.
  sheet.onkeydown = (event) => {
    if (event.key === "Escape") close();
  };
  sheet.dismiss = close;
  sheet.hidden = false;
  (content[0].querySelector?.("button") ?? sheet.querySelector(".row") ?? closer).focus();
  return close;
}

export function closeSheet(sheet) {
  if (!sheet.hidden) sheet.dismiss();
}

/** The list of a list message. */
export function openSheet(sheet, line, opener, choose) {
  const close = openIn(sheet, line.button, opener, [make("div", {}, ...rows(line, (option) => close(() => choose(option))))]);
}

function rows(line, choose) {
  const elements = [];
  let section = "";
  for (const option of line.options) {
    if (option.section && option.section !== section) elements.push(make("p", { className: "section", dir: "auto" }, option.section));
    section = option.section ?? "";
    const row = make("button", { type: "button", className: "row" }, make("span", { dir: "auto" }, option.title));
    if (option.description) row.append(make("small", { dir: "auto" }, option.description));
    row.addEventListener("click", () => choose(option));
    elements.push(row);
  }
  return elements;
}
