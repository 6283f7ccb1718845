/** What happened without anybody saying it: one thin line between the bubbles. */
import { html } from "htm/preact";
import { clockTime, fullTime } from "../lib/format.js";
import { t } from "../lib/i18n.js";
import { kindName } from "../lib/words.js";
import { MessageTrouble } from "./message_trouble.js";

export function MessageLine({ message, from, mayAct }) {
  const troubled = message.direction === "outbound" && message.kind === "reaction";
  return html`<div class="fact-line" id=${`message-${message.id}`} tabindex="-1" data-kind=${message.kind}>
    <p class="fact"><span>${wordsOf(message, from || t("The customer"))} <time datetime=${message.at} title=${fullTime(message.at)}>${clockTime(message.at)}</time></span></p>
    ${troubled && html`<${MessageTrouble} message=${message} mayAct=${mayAct} />`}</div>`;
}

function wordsOf(message, name) {
  const { body = {}, kind, text } = message;
  if (kind === "system") return changeWords(body.system ?? {}, text, name);
  if (kind === "handover") return handoverWords(body.handover ?? {});
  if (kind === "revoke") return t("{name} took back a message that is not here", { name });
  if (kind === "reaction" && message.direction === "outbound") return t("Our reaction {emoji}", { emoji: body.emoji || text || "" });
  if (kind === "reaction") {
    return text ? t("{name} reacted with {emoji} to a message that is not here", { name, emoji: text }) : t("{name} took back a reaction", { name });
  }
  if (kind === "optin") return body.optin?.title ? t("{name} agreed to be written to: {title}", { name, title: body.optin.title }) : t("{name} agreed to be written to", { name });
  if (kind === "account_linking") {
    return body.account_linking?.status === "unlinked" ? t("{name} unlinked their account", { name }) : t("{name} linked their account", { name });
  }
  if (kind === "response_feedback") return feedbackWords(body.feedback ?? "", name);
  if (kind === "call_ended") return t("The call ended");
  return [kindName(message), text].filter(Boolean).join(": ");
}

function changeWords({ change, after }, text, name) {
  if (change === "number") {
    return after ? t("{name} has a new number: {after}", { name, after: phone(after) }) : t("{name} has a new number", { name });
  }
  if (change === "identity") return t("{name} set WhatsApp up anew. Confirm who writes before you share anything private.", { name });
  if (change === "user_id") return t("WhatsApp knows {name} under a new name now", { name });
  return text || t("WhatsApp changed something about {name}", { name });
}

function handoverWords({ action }) {
  return {
    pass: t("Another app handed the chat over to us"),
    take: t("Another app took the chat over"),
    request: t("Another app asks for this chat"),
  }[action] ?? t("Another app took or gave the chat");
}

function feedbackWords(feedback, name) {
  if (/^(positive|good|up)/i.test(feedback)) return t("{name} found our answer good", { name });
  if (/^(negative|bad|down)/i.test(feedback)) return t("{name} did not find our answer good", { name });
  return t("{name} rated our answer", { name });
}

function phone(text) {
  return /^\d{6,}$/.test(text) ? `\u2066+${text}\u2069` : text;
}
