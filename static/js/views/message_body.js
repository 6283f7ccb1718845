import { html } from "htm/preact";
import { useState } from "preact/hooks";
import { number } from "../lib/format.js";
import { t } from "../lib/i18n.js";
import { kindName } from "../lib/words.js";
import { Icon } from "./icon.js";

const LONG = 1400;
const PRESSED = new Set(["interactive", "button", "button_reply", "list_reply", "postback", "quick_reply"]);
const KIND_ICONS = { image: "image", sticker: "image", video: "image", audio: "voice", voice: "voice", location: "place",
  document: "file", file: "file", contacts: "person", template: "file" };

/** What was said, by kind. The customer's words are only ever text. */
export function MessageBody({ message }) {
  const { kind, text, body } = message;
  if (body?.kind === "choices" || kind === "choices") return html`<${Choices} body=${body} text=${text} />`;
  if (kind === "location") return html`<${Place} message=${message} />`;
  if (kind === "text" || (text && PRESSED.has(kind))) {
    return html`${PRESSED.has(kind) && html`<span class="message-kind"><${Icon} name="check" />${t("Chose")}</span>`}
      <${Words} text=${text} />`;
  }
  return html`<${Unshown} kind=${kind} text=${text} inbound=${message.direction === "inbound"} />`;
}

export function Words({ text }) {
  const [open, setOpen] = useState(false);
  const long = text.length > LONG && !open;
  return html`<p class="message-text" dir="auto" data-emoji=${isOnlyEmoji(text) ? "" : null}>${linked(long ? shorten(text) : text)}</p>
    ${long && html`<button type="button" class="link-button" onClick=${() => setOpen(true)}>
      ${t("Show all {count} characters", { count: number([...text].length) })}</button>`}`;
}

function Choices({ body, text }) {
  return html`<${Words} text=${body.text || text} />
    <ul class="options" aria-label=${t("Options offered")}>
      ${body.options.map((option) => html`<li key=${option.id} dir="auto">
        <span>${option.title}</span>${option.description && html`<small>${option.description}</small>`}</li>`)}
    </ul>`;
}

function Place({ message: { body, text } }) {
  const place = body?.location ?? body ?? {};
  const at = place.latitude !== undefined ? `${place.latitude}, ${place.longitude}` : "";
  return html`<span class="message-kind"><${Icon} name="place" />${t("Location")}</span>
    <p class="message-text" dir="auto">${[place.name, place.address, text].filter(Boolean).join("\n") || at}</p>
    ${at && (place.name || text) && html`<span class="quiet small" dir="ltr">${at}</span>`}`;
}

/** Said by its name, never guessed at: this version keeps it but cannot open it. */
function Unshown({ kind, text, inbound }) {
  return html`<div class="unshown">
    <${Icon} name=${KIND_ICONS[kind] ?? "file"} />
    <span><strong>${kindName(kind)}</strong>
      <small>${inbound
        ? t("Received and kept. It cannot be shown here yet.")
        : t("Sent outside this console. It cannot be shown here yet.")}</small></span>
  </div>
  ${text && html`<${Words} text=${text} />`}`;
}

/** Addresses as links; everything else stays the text it is. */
function linked(text) {
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
