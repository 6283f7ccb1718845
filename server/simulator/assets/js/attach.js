/** The sheet behind the plus sign: files, other messages, what the customer says about themselves. */

import { make, t } from "./dom.js";
import { icon } from "./icons.js";
import { KINDS, kindOfFile } from "./kinds.js";
import { openIn } from "./sheet.js";

/** `send(entry)` and `upload(file)` do it; the sheet closes first. */
export function openAttach(sheet, channel, opener, { send, upload }) {
  const picker = make("input", { type: "file", className: "unseen", tabIndex: -1, ariaHidden: "true" });
  const groups = Object.entries(KINDS[channel]).map(([name, entries]) => group(t(name), entries, (entry) => close(() => send(entry))));
  const device = tile("device", t("device"), () => picker.click());
  groups[0].querySelector(".tiles").append(device, picker);
  picker.addEventListener("change", () => {
    const [file] = picker.files;
    if (file) close(() => upload(file));
  });
  const close = openIn(sheet, t("attach_title"), opener, groups);
}

/** Uploads a file of the visitor's own and says how it is sent. */
export async function uploaded(customer, file) {
  const path = `/control/customers/${encodeURIComponent(customer)}/files?name=${encodeURIComponent(file.name)}`;
  const type = file.type || "application/octet-stream";
  const response = await fetch(path, { method: "POST", headers: { "Content-Type": type }, body: file });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error ?? String(response.status));
  return { kind: kindOfFile(type), file: answer.id, name: file.name };
}

function group(title, entries, choose) {
  const tiles = entries.map((entry) => {
    const button = tile(entry.icon, t(entry.label), () => choose(entry));
    button.dataset.kind = entry.wish.kind;
    return button;
  });
  return make("section", {}, make("p", { className: "section" }, title), make("div", { className: "tiles" }, ...tiles));
}

function tile(name, label, choose) {
  const face = make("span", { className: "tile-face" }, icon(name));
  const button = make("button", { type: "button", className: `tile tile-${name}` }, face, make("span", {}, label));
  button.addEventListener("click", choose);
  return button;
}
