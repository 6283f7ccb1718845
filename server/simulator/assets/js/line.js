/** One line of a thread as an element. */

import { icon, make, page, t } from "./dom.js";

const clock = new Intl.DateTimeFormat(page.language, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const KINDS = ["image", "video", "audio", "document", "file", "sticker", "template", "contacts"];

/** `press(option)` and `openList()` are called when the customer chooses. */
export function lineElement(line, { channel, quoted, press, openList }) {
  if (line.kind === "ad" || line.kind === "link") return entrance(line);
  const own = line.author === "customer";
  const bubble = make("div", { className: "bubble" });
  if (quoted) bubble.append(quote(quoted));
  if (line.header) bubble.append(make("p", { className: "header", dir: "auto" }, line.header));
  if (KINDS.includes(line.kind)) bubble.append(make("p", { className: "kind" }, t(line.kind), detail(line)));
  if (line.kind === "location") bubble.append(place(line));
  else if (line.text) bubble.append(make("p", { className: "text", dir: "auto" }, line.text));
  if (line.footer) bubble.append(make("p", { className: "footer", dir: "auto" }, line.footer));
  bubble.append(foot(line, own, channel));
  if (line.detail.reaction) bubble.append(make("span", { className: "reaction" }, line.detail.reaction));
  const item = make("li", { className: own ? "line own" : "line" }, bubble);
  item.dataset.line = line.id;
  const choices = options(line, press, openList);
  if (choices) item.append(choices);
  return item;
}

function entrance(line) {
  const words = t(line.kind === "ad" ? "came_from_ad" : "came_from_link");
  const card = make("p", { className: "card" }, make("small", {}, words));
  card.append(make("strong", { dir: "auto" }, line.text));
  if (line.detail.body) card.append(make("span", { dir: "auto" }, line.detail.body));
  const item = make("li", { className: "line entrance" }, card);
  item.dataset.line = line.id;
  return item;
}

function quote(line) {
  return make("p", { className: "quote", dir: "auto" }, line.text || t(line.kind));
}

function detail(line) {
  const name = line.detail.filename ?? line.detail.link ?? line.detail.url;
  return name ? make("small", { dir: "auto" }, ` ${name}`) : null;
}

function place(line) {
  const address = line.detail.address;
  return make(
    "p",
    { className: "place-card" },
    icon("pin"),
    make("span", {}, make("strong", { dir: "auto" }, line.text), address ? make("small", { dir: "auto" }, address) : null),
  );
}

function foot(line, own, channel) {
  const foot = make("p", { className: "foot" }, make("time", { dateTime: new Date(line.at * 1000).toISOString() }, clock.format(line.at * 1000)));
  if (own && line.status) foot.append(tick(line.status, channel));
  return foot;
}

function tick(status, channel) {
  const words = t(status === "read" && channel !== "whatsapp" ? "seen" : status);
  if (channel !== "whatsapp") return make("span", { className: "tick word" }, words);
  const mark = icon(status === "sent" ? "one" : "two", words);
  return make("span", { className: `tick ${status}` }, mark);
}

/** Buttons and lists hang under their message; quick replies are shown above the composer instead. */
function options(line, press, openList) {
  if (line.style === "list") {
    const label = make("button", { type: "button", className: "option", "aria-haspopup": "dialog" }, icon("list"), make("span", { dir: "auto" }, line.button));
    label.addEventListener("click", () => openList(line, label));
    return make("div", { className: "options" }, label);
  }
  if (line.style !== "buttons" && line.style !== "link") return null;
  return make("div", { className: "options" }, ...line.options.map((option) => optionElement(line, option, press)));
}

function optionElement(line, option, press) {
  const title = make("span", { dir: "auto" }, option.title);
  if (option.url) {
    const safe = /^https?:/.test(option.url);
    return make("a", { className: "option", href: safe ? option.url : undefined, target: "_blank", rel: "noopener noreferrer" }, title);
  }
  const chosen = line.pressed === option.id;
  const button = make("button", { type: "button", className: chosen ? "option chosen" : "option" }, icon("reply"), title);
  if (chosen) button.append(make("span", { className: "unseen" }, ` (${t("pressed")})`));
  button.addEventListener("click", () => press(line, option));
  return button;
}
