/** The list of a list message: a sheet inside the phone, closed by Escape, focus given back. */

import { make, t } from "./dom.js";

export function openSheet(sheet, line, opener, choose) {
  const close = () => {
    sheet.hidden = true;
    sheet.replaceChildren();
    for (const other of behind) other.inert = false;
    if (opener.isConnected) opener.focus();
    else sheet.parentElement.querySelector("[data-roll]").focus();
  };
  const behind = [...sheet.parentElement.children].filter((other) => other !== sheet);
  for (const other of behind) other.inert = true;
  const head = make("p", { className: "sheet-head" }, make("strong", { dir: "auto" }, line.button));
  const closer = make("button", { type: "button", className: "quiet" }, t("close"));
  closer.addEventListener("click", close);
  head.append(closer);
  sheet.replaceChildren(head, ...rows(line, (option) => {
    close();
    choose(option);
  }));
  // Braces: a handler that returned false would cancel every other key.
  sheet.onkeydown = (event) => {
    if (event.key === "Escape") close();
  };
  sheet.hidden = false;
  sheet.querySelector(".row").focus();
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
