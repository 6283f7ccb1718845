/** One phone: a customer, a business, and what is on the screen between them. */

import { act } from "./api.js";
import { openAttach, uploaded } from "./attach.js";
import { Composer } from "./composer.js";
import { make, notice, page, t } from "./dom.js";
import { foot, lineElement } from "./line.js";
import { closeSheet, openSheet } from "./sheet.js";

const day = new Intl.DateTimeFormat(page.language, { weekday: "long", day: "numeric", month: "long" });

export class Phone {
  constructor(section, { customer, inbox, thread }, changed) {
    this.section = section;
    this.part = (name) => section.querySelector(`[data-${name}]`);
    this.changed = changed;
    this.lines = new Map();
    this.customer = customer;
    this.inbox = inbox;
    this.composer = new Composer(this);
    this.listen();
    this.introduce();
    this.show(thread);
  }

  get key() {
    return `${this.customer}:${this.inbox}`;
  }

  get account() {
    return page.inboxes.find((inbox) => inbox.id === this.inbox);
  }

  get person() {
    return page.customers.find((customer) => customer.id === this.customer);
  }

  choose(customer, inbox) {
    this.customer = customer;
    this.inbox = inbox;
    this.lines.clear();
    this.composer.leave();
    closeSheet(this.part("sheet"));
    this.introduce();
    this.draw();
    this.changed();
  }

  /** A whole thread, as at the start and after every reconnection. */
  show(thread) {
    this.lines = new Map(thread.lines.map((line) => [line.id, line]));
    this.draw();
    this.showTyping(thread.typing);
  }

  take(change) {
    if (change.thread) this.show(change.thread);
    if (change.line) this.takeLine(change.line);
    if (change.typing !== undefined) this.showTyping(change.typing);
  }

  takeLine(line) {
    const known = this.lines.get(line.id);
    const isNew = !known;
    this.lines.set(line.id, line);
    const list = this.part("lines");
    const present = [...list.children].find((item) => item.dataset.line === line.id);
    if (present && looks(known) === looks(line)) return this.refoot(present, line);
    if (present) replaceKeepingFocus(present, this.element(line));
    else {
      list.querySelector(".empty")?.remove();
      this.addDay(list, line);
      list.append(this.element(line));
    }
    if (isNew && line.author === "business") this.showTyping(0);
    this.showChips();
    if (isNew) this.scroll();
  }

  refoot(item, line) {
    const own = line.author === "customer";
    if (own && !line.revoked) item.querySelector(".foot")?.replaceWith(foot(line, own, this.account.channel));
  }

  draw() {
    const list = this.part("lines");
    list.replaceChildren();
    for (const line of this.lines.values()) {
      this.addDay(list, line);
      list.append(this.element(line));
    }
    if (!this.lines.size) list.append(make("li", { className: "empty" }, t("empty")));
    this.showTyping(0);
    this.showChips();
    this.scroll();
  }

  addDay(list, line) {
    const date = new Date(line.at * 1000).toDateString();
    if (list.dataset.day === date && list.querySelector(".day")) return;
    list.dataset.day = date;
    const words = date === new Date().toDateString() ? t("today") : day.format(line.at * 1000);
    list.append(make("li", { className: "day" }, words));
  }

  element(line) {
    return lineElement(line, {
      channel: this.account.channel,
      quoted: line.reply_to ? this.lines.get(line.reply_to) : null,
      does: {
        press: (asked, option) => this.press(asked, option),
        openList: (asked, opener) => openSheet(this.part("sheet"), asked, opener, (option) => this.press(asked, option)),
        send: (wish) => this.perform("send", wish),
        menu: (about, action, value) => this.chosen(about, action, value),
        played: (about) => this.perform("play", { line: about.id }),
      },
    });
  }

  /** Quick replies belong to the newest message only and go when the customer writes. */
  showChips() {
    const last = [...this.lines.values()].at(-1);
    const chips = this.part("chips");
    chips.replaceChildren();
    const asked = last?.author === "business" && last.style === "quick_replies" ? last : null;
    chips.hidden = !asked;
    for (const option of asked?.options ?? []) {
      const chip = make("button", { type: "button", dir: "auto" }, option.title);
      chip.addEventListener("click", () => this.press(asked, option));
      chips.append(chip);
    }
    if (asked) this.scroll();
  }

  showTyping(seconds) {
    clearTimeout(this.typingTimer);
    const list = this.part("lines");
    list.querySelector(".typing")?.remove();
    this.showUnder(seconds > 0);
    if (seconds <= 0) return;
    const dots = make("div", { className: "bubble" }, make("i"), make("i"), make("i"));
    list.append(make("li", { className: "line typing", "aria-label": t("typing") }, dots));
    this.typingTimer = setTimeout(() => this.showTyping(0), seconds * 1000);
    this.scroll();
  }

  showUnder(typing) {
    const { channel, display, sector } = this.account;
    const shown = display && display !== sector ? `\u2066${display}\u2069` : t("business_account");
    this.part("under").textContent = typing ? t("typing") : `${t(channel)} · ${shown}`;
  }

  introduce() {
    const { account, person } = this;
    this.section.querySelector(".phone").dataset.channel = account.channel;
    this.section.setAttribute("aria-label", t("phone_of", { name: person.name, business: account.name }));
    const name = account.sector || account.name;
    this.part("business").textContent = name;
    this.part("face").textContent = [...name.replace(/^ال/, "")][0];
    this.part("customer").replaceChildren(
      ...page.customers.map((each) => new Option(each.name, each.id, false, each.id === this.customer)),
      new Option(t("new_customer"), ""),
    );
    this.part("inbox").replaceChildren(...inboxGroups(this.inbox));
    const number = person.hides_phone ? t("number_hidden") : `\u2066+${person.phone}\u2069`;
    this.part("known").textContent = account.channel === "whatsapp" ? number : `\u2066@${person.username}\u2069`;
    const alone = this.part("alone");
    if (alone) alone.href = `/phone/${encodeURIComponent(this.customer)}/${encodeURIComponent(this.inbox)}`;
    this.showUnder(false);
  }

  listen() {
    const plus = this.part("plus");
    plus.addEventListener("click", () =>
      openAttach(this.part("sheet"), this.account.channel, plus, {
        send: (entry) => this.offer(entry),
        upload: (file) => this.upload(file),
      }),
    );
    this.part("inbox").addEventListener("change", (event) => this.choose(this.customer, event.target.value));
    for (const button of this.section.querySelectorAll("[data-start]"))
      button.addEventListener("click", () => this.perform("start", { entrance: button.dataset.start }));
  }

  /** From a bubble's menu. */
  chosen(line, action, value) {
    if (action === "react") this.perform("send", { kind: "reaction", line: line.id, emoji: value });
    if (action === "unsend") this.perform("send", { kind: "revoke", line: line.id });
    if (action === "reply" || action === "edit") this.composer.begin(action, line);
  }

  /** From the plus sheet. What leaves no line is said to be sent. */
  async offer({ wish, label, silent }) {
    if ((await this.perform("send", wish)) && silent) notice(t("told", { what: t(label) }));
  }

  async upload(file) {
    try {
      await this.perform("send", await uploaded(this.customer, file));
    } catch (error) {
      notice(t("not_sent", { reason: error.message }));
    }
  }

  press(asked, option) {
    return this.perform("press", { line: asked.id, option: option.id });
  }

  async perform(name, body) {
    try {
      await act(this.customer, name, { inbox: this.inbox, ...body });
      return true;
    } catch (error) {
      notice(t("not_sent", { reason: error.message }));
      return false;
    }
  }

  scroll() {
    const roll = this.part("roll");
    requestAnimationFrame(() => (roll.scrollTop = roll.scrollHeight));
  }
}

function inboxGroups(chosen) {
  const sectors = [...new Set(page.inboxes.map((inbox) => inbox.sector))];
  return sectors.map((sector) => {
    const own = page.inboxes.filter((inbox) => inbox.sector === sector);
    const options = own.map((inbox) => new Option(`${t(inbox.channel)} · ${inbox.sector || inbox.name}`, inbox.id, false, inbox.id === chosen));
    const group = make("optgroup", { label: sector });
    group.append(...options);
    return group;
  });
}

/** What of a line is to be seen above its foot. */
function looks(line) {
  return JSON.stringify({ ...line, status: "", played: false });
}

function replaceKeepingFocus(old, fresh) {
  const focused = [...old.querySelectorAll("button, a")].indexOf(document.activeElement);
  old.replaceWith(fresh);
  if (focused >= 0) fresh.querySelectorAll("button, a")[focused]?.focus();
}
