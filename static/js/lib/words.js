/** The product's words as people read them. Every key is literal, so the catalogue can be extracted. */
import { locale, t } from "./i18n.js";

export function channelName(channel) {
  return { whatsapp: t("WhatsApp"), instagram: t("Instagram"), messenger: t("Messenger") }[channel] ?? channel;
}

export function priorityName(priority) {
  return { urgent: t("Urgent"), high: t("High"), normal: t("Normal"), low: t("Low") }[priority] ?? priority;
}

export function presenceName(presence) {
  return { online: t("Online"), away: t("Away"), wrap_up: t("Wrapping up"), offline: t("Offline") }[presence] ?? presence;
}

export function stateName(state) {
  return {
    bot: t("With the bot"),
    queued: t("Waiting in the queue"),
    offered: t("Being offered"),
    assigned: t("Assigned"),
    snoozed: t("Set aside"),
    resolved: t("Resolved"),
  }[state] ?? state;
}

export function statusName(status) {
  return {
    queued: t("Waiting to be sent"),
    sending: t("Being sent"),
    accepted: t("Sent"),
    sent: t("Sent"),
    delivered: t("Delivered"),
    read: t("Read"),
    played: t("Played"),
    failed: t("Not sent"),
    uncertain: t("May have been sent"),
    discarded: t("Discarded"),
  }[status] ?? status;
}

export function targetName(target) {
  return {
    first_response: t("First answer due"),
    next_response: t("Answer due"),
    resolution: t("To be resolved"),
    window: t("Free replies end"),
    human_agent: t("People may answer until"),
    private_reply: t("Comment can be answered in private until"),
  }[target] ?? target;
}

/** What a message is called, as the server says it; `message` may be a quote or a last message. */
export function kindName(message) {
  return message.kind_name || t("Message of a new kind");
}

/** Files of a kind, in a sentence: "WhatsApp takes photos up to 5 MB". */
export function fileKinds(kind) {
  return {
    image: t("photos"),
    video: t("videos"),
    audio: t("sound files"),
    document: t("documents"),
    sticker: t("stickers"),
  }[kind] ?? t("files");
}

export function identityName(kind) {
  return {
    phone: t("Phone"),
    whatsapp_user: t("WhatsApp user"),
    page_user: t("Messenger user"),
    instagram_user: t("Instagram user"),
  }[kind] ?? kind;
}

export function languageName(code) {
  try {
    return new Intl.DisplayNames([locale], { type: "language" }).of(code) ?? code;
  } catch {
    return code;
  }
}
