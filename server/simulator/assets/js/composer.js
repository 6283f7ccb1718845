/** Where the customer writes: a new message, an answer to one, or one written anew. */

import { t } from "./dom.js";

export class Composer {
  constructor(phone) {
    this.phone = phone;
    this.form = phone.part("composer");
    this.area = this.form.elements.text;
    this.mode = null;
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.send();
    });
    this.area.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.mode) this.leave();
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.send();
    });
    this.area.addEventListener("input", () => this.grow());
    phone.part("about-leave").addEventListener("click", () => this.leave());
  }

  /** `mode` is 'reply' or 'edit'. */
  begin(mode, line) {
    this.mode = { mode, line };
    this.phone.part("about-what").textContent = t(mode === "edit" ? "editing" : "replying");
    this.phone.part("about-text").textContent = line.text || t(`kind_${line.media?.[0]?.kind ?? line.kind}`);
    this.phone.part("about").hidden = false;
    if (mode === "edit") this.area.value = line.text;
    this.grow();
    this.area.focus();
  }

  leave() {
    if (this.mode?.mode === "edit") this.area.value = "";
    this.mode = null;
    this.phone.part("about").hidden = true;
    this.grow();
  }

  async send() {
    const text = this.area.value;
    if (!text.trim()) return;
    const { mode, line } = this.mode ?? {};
    this.leave();
    this.area.value = "";
    this.grow();
    const done =
      mode === "edit"
        ? await this.phone.perform("send", { kind: "edit", line: line.id, text })
        : await this.phone.perform("say", { text, ...(line ? { reply_to: line.id } : {}) });
    if (!done) this.area.value = text;
  }

  grow() {
    this.area.style.height = "auto";
    this.area.style.height = `${Math.min(this.area.scrollHeight, 120)}px`;
  }
}
