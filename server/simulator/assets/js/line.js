/** One line of a thread as an element. */

import { make, page, t } from "./dom.js";
import { icon } from "./icons.js";
import { mediaElement } from "./media.js";
import { withMenu } from "./menu.js";
import { cards, kindWord, part, safe } from "./parts.js";

const clock = new Intl.DateTimeFormat(page.language, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const ASKED = { ask_location: ["pin", "send_location", { kind: "location" }], ask_contact: ["contacts", "share_contact", { kind: "contacts", action: "share" }] };

/** `does` holds what the customer can do with it: press, openList, send, menu, played. */
export function lineElement(line, { channel, quoted, does }) {
  if (line.kind === "ad" || line.kind === "link") return entrance(line);
  if (line.kind === "note") return marked(line, make("p", { className: "note", dir: "auto" }, line.detail.note ? t(`note_${line.detail.note}`) : line.text));
  const own = line.author === "customer";
  const sticker = !line.revoked && line.media.length === 1 && line.media[0].kind === "sticker";
  const bubble = make("div", { className: sticker ? "bubble bare" : "bubble" });
  if (line.revoked) bubble.append(make("p", { className: "text gone" }, t(own ? "revoked_own" : "revoked_other")));
  else fill(bubble, line, quoted, does);
  bubble.append(foot(line, own, channel));
  const item = marked(line, bubble);
  item.classList.toggle("own", own);
  if (line.revoked) return item;
  bubble.append(withMenu(bubble, line, (action, value) => does.menu(line, action, value)));
  const given = Object.values(line.reactions ?? {});
  if (given.length) {
    item.classList.add("reacted");
    bubble.append(make("span", { className: "reaction" }, given.join("")));
  }
  const below = line.cards.length ? cards(line, does.press) : options(line, does);
  if (below) item.append(below);
  return item;
}

function fill(bubble, line, quoted, does) {
  const media = mediaElement(line, () => does.played(line));
  const parts = [
    quoted ? quote(quoted) : null,
    kindWord(line),
    line.header ? make("p", { className: "header", dir: "auto" }, line.header) : null,
    media,
    part(line),
    line.text && !["location", "contacts"].includes(line.kind) ? make("p", { className: "text", dir: "auto" }, line.text) : null,
    line.footer ? make("p", { className: "footer", dir: "auto" }, line.footer) : null,
  ];
  bubble.append(...parts.filter(Boolean));
  bubble.classList.toggle("with-photo", Boolean(media?.matches(".photo, .photo-link, .album")));
}

function marked(line, content) {
  const item = make("li", { className: "line" }, content);
  item.dataset.line = line.id;
  item.dataset.kind = line.kind;
  return item;
}

function entrance(line) {
  const words = t(line.kind === "ad" ? "came_from_ad" : "came_from_link");
  const card = make("p", { className: "card" }, make("small", {}, words));
  card.append(make("strong", { dir: "auto" }, line.text));
  if (line.detail.body) card.append(make("span", { dir: "auto" }, line.detail.body));
  const item = marked(line, card);
  item.classList.add("entrance");
  return item;
}

function quote(line) {
  const words = line.revoked ? t("revoked_other") : line.text || t(`kind_${line.media?.[0]?.kind ?? line.kind}`);
  return make("p", { className: "quote", dir: "auto" }, words);
}

/** The time and the ticks under a message: they change while the rest stays, so that a film plays on. */
export function foot(line, own, channel) {
  const foot = make("p", { className: "foot" });
  if (line.edits && !line.revoked) foot.append(make("span", {}, t("edited")));
  foot.append(make("time", { dateTime: new Date(line.at * 1000).toISOString() }, clock.format(line.at * 1000)));
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
function options(line, does) {
  if (line.style === "list") {
    const label = make("button", { type: "button", className: "option", ariaHasPopup: "dialog" }, icon("list"), make("span", { dir: "auto" }, line.button));
    label.addEventListener("click", () => does.openList(line, label));
    return make("div", { className: "options" }, label);
  }
  if (ASKED[line.style]) {
    const [mark, words, wish] = ASKED[line.style];
    return make("div", { className: "options" }, asked(mark, t(words), () => does.send({ ...wish, reply_to: line.id })));
  }
  if (line.style === "form") {
    const [option] = line.options;
    return make("div", { className: "options" }, asked("form", option?.title ?? t("fill_form"), () => does.send({ kind: "form_reply", reply_to: line.id, id: option?.id ?? "" })));
  }
  if (line.style !== "buttons" && line.style !== "link") return null;
  return make("div", { className: "options" }, ...line.options.map((option) => optionElement(line, option, does.press)));
}

function asked(mark, words, act) {
  const button = make("button", { type: "button", className: "option" }, icon(mark), make("span", { dir: "auto" }, words));
  button.addEventListener("click", act);
  return button;
}

function optionElement(line, option, press) {
  const title = make("span", { dir: "auto" }, option.title);
  if (option.url) return make("a", { className: "option", href: safe(option.url), target: "_blank", rel: "noopener noreferrer" }, title);
  const chosen = line.pressed === option.id;
  const button = make("button", { type: "button", className: chosen ? "option chosen" : "option" }, icon("reply"), title);
  if (chosen) button.append(make("span", { className: "unseen" }, ` (${t("pressed")})`));
  button.addEventListener("click", () => press(line, option));
  return button;
}
