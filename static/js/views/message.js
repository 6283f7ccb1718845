import { html } from "htm/preact";
import { clockTime, fullTime } from "../lib/format.js";
import { t } from "../lib/i18n.js";
import { me } from "../lib/store.js";
import { Icon } from "./icon.js";
import { MessageBody, Words } from "./message_body.js";
import { MessageTrouble } from "./message_trouble.js";
import { Ticks } from "./ticks.js";

/** One bubble: the customer at the start side, ours at the end. `onReply` quotes it; `mayAct` allows retry, discard. */
export function Message({ message, first, last, onReply = null, mayAct = false }) {
  const { author, status } = message;
  return html`<article class="message" id=${`message-${message.id}`} data-author=${author} data-side=${sideOf(message)}
      data-status=${status} data-first=${first ? "" : null} data-last=${last ? "" : null}>
    <${Heading} message=${message} shown=${first && author !== "customer"} />
    <div class="bubble">
      ${message.referral && html`<${Referral} referral=${message.referral} />`}
      ${message.reply_to && html`<${Quote} quoted=${message.reply_to} />`}
      <${MessageBody} message=${message} />
      <span class="message-foot">
        <time datetime=${message.at} title=${fullTime(message.at)}>${clockTime(message.at)}</time>
        <${Ticks} status=${status} />
      </span>
      ${onReply && html`<button type="button" class="button button-quiet button-icon message-reply" title=${t("Reply to this")}
        aria-label=${t("Reply to this")} onClick=${() => onReply(message)}><${Icon} name="reply" turns=${true} /></button>`}
    </div>
    <${MessageTrouble} message=${message} mayAct=${mayAct} />
  </article>`;
}

/** A reply of mine the server has not confirmed yet. */
export function PendingMessage({ entry, first, last }) {
  return html`<article class="message" data-author="advisor" data-side="end" data-status=${entry.state}
      data-first=${first ? "" : null} data-last=${last ? "" : null}>
    <div class="bubble">
      ${entry.reply_to && html`<${Quote} quoted=${entry.reply_to} />`}
      <${Words} text=${entry.text} />
      <span class="message-foot"><time datetime=${entry.at}>${clockTime(entry.at)}</time><${Ticks} status="queued" /></span>
    </div>
    ${entry.state === "waiting" && html`<p class="message-trouble" data-tone="due-soon"><${Icon} name="offline" />
      <span>${t("No connection. It goes out by itself as soon as there is one.")}</span></p>`}
  </article>`;
}

function Heading({ message, shown }) {
  const who = nameOf(message);
  if (!shown) return html`<h4 class="unseen">${who}</h4>`;
  return html`<h4 class="message-author">${message.author === "bot" && html`<${Icon} name="bot" />`}<bdi>${who}</bdi></h4>`;
}

function Quote({ quoted }) {
  const seek = () => document.getElementById(`message-${quoted.id}`)?.scrollIntoView({ block: "center" });
  const who = quoted.author === "customer" ? t("Customer") : quoted.author === "bot" ? t("Bot") : t("We");
  return html`<button type="button" class="quote" onClick=${seek}>
    <span class="quote-author">${who}</span><span class="quote-text cut" dir="auto">${quoted.text || t("Message")}</span></button>`;
}

function Referral({ referral }) {
  return html`<p class="message-referral"><${Icon} name="ad" />
    <span>${t("Came from an ad or a link")}${referral.headline && html`: <bdi>${referral.headline}</bdi>`}</span></p>`;
}

function nameOf(message) {
  return {
    customer: t("Customer"),
    bot: t("Bot"),
    system: t("Automatic answer"),
    business: message.author_name || t("Written on the business phone"),
    advisor: message.author_name === me.value?.name ? t("You") : message.author_name || t("Advisor"),
  }[message.author];
}

function sideOf(message) {
  return message.direction === "inbound" ? "start" : "end";
}
