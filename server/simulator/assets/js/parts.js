/** What a bubble can hold besides words and files: places, people, orders, answers, cards. */

import { make, page, t } from "./dom.js";
import { icon } from "./icons.js";

const NAMED = ["form", "order", "product", "post", "reel", "story_mention", "story_reply", "share", "appointment", "comment", "unsupported", "unknown"];

/** A word over the bubble for what is more than a text. */
export function kindWord(line) {
  if (line.kind === "view_once") return label("eye", t("view_once_sent"));
  if (!NAMED.includes(line.kind)) return null;
  return label(marks[line.kind] ?? "more", t(`shown_${line.kind}`));
}

const marks = { form: "form", order: "order", product: "order", post: "post", reel: "reel", story_mention: "story", story_reply: "story", share: "link", appointment: "booking", comment: "comment", unsupported: "poll", unknown: "question" };

function label(mark, words) {
  return make("p", { className: "kind" }, icon(mark), make("span", {}, words));
}

export function part(line) {
  const { detail } = line;
  if (line.kind === "location") return place(line.text, detail.address);
  if (detail.place) return place(detail.place.name ?? "", detail.place.address);
  if (line.kind === "contacts") return people(detail.people ?? [], line.text);
  if (line.kind === "order" && detail.items) return order(detail.items);
  if (line.kind === "form" && detail.fields) return answers(detail.fields);
  return null;
}

export function cards(line, press) {
  const shown = line.cards.map((card) => {
    const words = make("div", { className: "card-words" }, make("strong", { dir: "auto" }, card.title));
    if (card.subtitle) words.append(make("small", { dir: "auto" }, card.subtitle));
    const options = (card.options ?? []).map((option) => cardOption(line, option, press));
    return make("li", { className: "shop-card" }, words, ...options);
  });
  return make("ol", { className: "shop-cards", tabIndex: 0, ariaLabel: t("card") }, ...shown);
}

function cardOption(line, option, press) {
  const title = make("span", { dir: "auto" }, option.title);
  if (option.url) return make("a", { href: safe(option.url), target: "_blank", rel: "noopener noreferrer" }, title);
  const button = make("button", { type: "button" }, title);
  button.addEventListener("click", () => press(line, option));
  return button;
}

export function safe(url) {
  return /^(https?|tel):/.test(url) ? url : undefined;
}

function place(name, address) {
  const words = make("span", {}, make("strong", { dir: "auto" }, name || t("kind_location")));
  if (address) words.append(make("small", { dir: "auto" }, address));
  const map = make("span", { className: "map", ariaHidden: "true" }, icon("location"));
  return make("p", { className: "place-card" }, map, words);
}

function people(list, fallback) {
  const shown = list.length ? list : [{ name: { formatted_name: fallback } }];
  const rows = shown.map((person) => {
    const phone = person.phones?.[0]?.phone ?? "";
    const words = make("span", {}, make("strong", { dir: "auto" }, person.name?.formatted_name ?? ""));
    if (phone) words.append(make("small", { dir: "ltr" }, phone));
    return make("li", {}, icon("contacts"), words);
  });
  return make("ul", { className: "people" }, ...rows);
}

function order(items) {
  const money = (value, currency) => new Intl.NumberFormat(page.language, { style: "currency", currency: currency || "SAR" }).format(value);
  const price = (item) => Number(item.item_price ?? item.price ?? 0);
  const rows = items.map((item) => {
    const name = item.product_retailer_id ?? item.name ?? item.id;
    const total = money(price(item) * Number(item.quantity ?? 1), item.currency);
    return make("tr", {}, make("td", { dir: "auto" }, `${item.quantity ?? 1} × ${name}`), make("td", {}, total));
  });
  const sum = items.reduce((whole, item) => whole + price(item) * Number(item.quantity ?? 1), 0);
  rows.push(make("tr", { className: "sum" }, make("td", {}, t("total")), make("td", {}, money(sum, items[0]?.currency))));
  return make("table", { className: "order" }, make("tbody", {}, ...rows));
}

function answers(fields) {
  const rows = Object.entries(fields).map(([name, value]) => make("div", {}, make("dt", { dir: "auto" }, name), make("dd", { dir: "auto" }, String(value))));
  return make("dl", { className: "answers" }, ...rows);
}
