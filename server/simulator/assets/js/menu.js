/** The small menu of a bubble: react, reply, edit, unsend. By the dots, a right click or a long press. */

import { make, t } from "./dom.js";
import { icon } from "./icons.js";
import { REACTIONS } from "./kinds.js";

const LONG_PRESS = 450;
let close = () => {};

/** Gives the bubble its dots; `does(action, value)` is called with what was chosen. */
export function withMenu(bubble, line, does) {
  const opener = make("button", { type: "button", className: "dots", ariaLabel: t("more_for"), ariaHasPopup: "menu" }, icon("more"));
  const show = () => open(bubble, opener, line, does);
  opener.addEventListener("click", show);
  bubble.addEventListener("contextmenu", (event) => {
    if (event.target.closest("a, audio, video")) return;
    event.preventDefault();
    show();
  });
  longPress(bubble, show);
  return opener;
}

function open(bubble, opener, line, does) {
  close();
  const choose = (action, value) => {
    close();
    does(action, value);
  };
  const menu = make("div", { className: "bubble-menu", role: "menu" }, reactions(line, choose), ...actions(line, choose));
  close = () => {
    document.removeEventListener("pointerdown", outside, true);
    const inside = menu.contains(document.activeElement);
    menu.remove();
    if (inside && opener.isConnected) opener.focus();
    close = () => {};
  };
  const outside = (event) => menu.contains(event.target) || close();
  document.addEventListener("pointerdown", outside, true);
  menu.addEventListener("keydown", (event) => keys(event, menu));
  bubble.append(menu);
  keepInside(menu, bubble.closest("[data-roll]"));
  menu.querySelector("button").focus();
}

function reactions(line, choose) {
  const mine = line.reactions?.customer;
  const buttons = REACTIONS.map((emoji) => {
    const label = mine === emoji ? t("unreact") : t("react", { emoji });
    const button = make("button", { type: "button", role: "menuitem", className: mine === emoji ? "chosen" : "", ariaLabel: label }, emoji);
    button.addEventListener("click", () => choose("react", mine === emoji ? "" : emoji));
    return button;
  });
  return make("div", { className: "reactions-row" }, ...buttons);
}

function actions(line, choose) {
  const own = line.author === "customer";
  const names = ["reply", ...(own && line.text && line.kind === "text" ? ["edit"] : []), ...(own ? ["unsend"] : [])];
  return names.map((name) => {
    const mark = { reply: "reply", edit: "edit", unsend: "trash" }[name];
    const button = make("button", { type: "button", role: "menuitem" }, icon(mark), make("span", {}, t(name)));
    button.addEventListener("click", () => choose(name));
    return button;
  });
}

function keys(event, menu) {
  const buttons = [...menu.querySelectorAll("button")];
  const place = buttons.indexOf(document.activeElement);
  const step = { ArrowDown: 1, ArrowUp: -1, ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (event.key === "Escape" || event.key === "Tab") close();
  if (!step) return;
  event.preventDefault();
  buttons.at((place + step) % buttons.length).focus();
}

/** Above the bubble where there is no room below. */
function keepInside(menu, roll) {
  const room = roll.getBoundingClientRect();
  const place = menu.getBoundingClientRect();
  menu.classList.toggle("above", place.bottom > room.bottom && place.top - room.top > place.height);
  if (place.right > room.right) menu.classList.add("end");
  if (place.left < room.left) menu.classList.add("start");
  menu.scrollIntoView({ block: "nearest" });
}

function longPress(element, act) {
  let timer;
  const stop = () => clearTimeout(timer);
  element.addEventListener("pointerdown", (event) => {
    if (event.pointerType === "touch") timer = setTimeout(act, LONG_PRESS);
  });
  for (const name of ["pointerup", "pointercancel", "pointermove", "pointerleave"]) element.addEventListener(name, stop);
}
