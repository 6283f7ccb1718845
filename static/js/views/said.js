/** Words as they were written. The customer's words are only ever text. */
import { html } from "htm/preact";
import { useState } from "preact/hooks";
import { number } from "../lib/format.js";
import { t } from "../lib/i18n.js";
import { Icon } from "./icon.js";

const LONG = 1400;

export function Words({ text }) {
  const [open, setOpen] = useState(false);
  const long = text.length > LONG && !open;
  return html`<p class="message-text" dir="auto" data-emoji=${isOnlyEmoji(text) ? "" : null}>${linked(long ? shorten(text) : text)}</p>
    ${long && html`<button type="button" class="link-button" onClick=${() => setOpen(true)}>
      ${t("Show all {count} characters", { count: number([...text].length) })}</button>`}`;
}

/** A quiet line above the words: what they are, or how they came. */
export function Sign({ icon, children, turns = false }) {
  return html`<p class="message-kind"><${Icon} name=${icon} turns=${turns} /><span>${children}</span></p>`;
}

/** Facts in a row, each in its own direction. */
export function Parts({ parts }) {
  return parts.map((part, index) => html`${index > 0 && " · "}<bdi>${part}</bdi>`);
}

/** An address outside, only ever opened by a press; anything but http(s) stays words. */
export function Outside({ url, children, kind = "link-out" }) {
  if (!/^https?:\/\//i.test(url ?? "")) return null;
  return html`<a class=${kind} href=${url} target="_blank" rel="noopener noreferrer nofollow">${children}
    <${Icon} name="outside" turns=${true} label=${t("opens in a new tab")} /></a>`;
}

export function hostOf(url) {
  try {
    return new URL(url).hostname.replace(/^www\./, "");
  } catch {
    return "";
  }
}

/** Addresses as links; everything else stays the text it is. */
export function linked(text) {
  return text.split(/(https?:\/\/[^\s<>"]+[^\s<>".,;:!?)\]}'،؛؟])/gu).map((part, index) => (index % 2
    ? html`<a href=${part} target="_blank" rel="noopener noreferrer nofollow" dir="ltr">${part}</a>`
    : part));
}

function isOnlyEmoji(text) {
  return text.length <= 24 && /^(\p{Extended_Pictographic}|\p{Emoji_Component}|\s)+$/u.test(text) && /\p{Extended_Pictographic}/u.test(text);
}

function shorten(text) {
  const cut = text.slice(0, LONG - 200);
  return `${cut.slice(0, Math.max(cut.lastIndexOf(" "), LONG - 400))}…`;
}
