/** What leaves the composer, in the order it was put together. */
import { sendReply } from "./replies.js";
import { takeReady } from "./tray.js";

const CAPTIONED = new Set(["image", "video", "document"]);

/** True when one of them carries words beside it; else the words go by themselves. */
export function takesCaption(items) {
  return items.some(({ kind }) => CAPTIONED.has(kind));
}

/** Words, or files with the words at the first that can carry them. `options`: {replyTo, basedOnVersion}. */
export function sendAll(id, words, { replyTo, basedOnVersion }) {
  const items = takeReady(id);
  const captioned = words ? items.findIndex(({ kind }) => CAPTIONED.has(kind)) : -1;
  items.forEach((item, index) => sendFile(id, item.attachment, {
    caption: index === captioned ? words : "", replyTo: index === 0 ? replyTo : null, basedOnVersion,
  }));
  if (words && captioned < 0) sendReply(id, words, { replyTo: items.length ? null : replyTo, basedOnVersion });
}

export function sendFile(id, attachment, { caption = "", replyTo = null, basedOnVersion, keepsDraft = false }) {
  const { kind } = attachment;
  const outgoing = { kind, attachment_id: attachment.id };
  if (caption) outgoing.caption = caption;
  if (kind === "document" && attachment.name) outgoing.name = attachment.name;
  if (attachment.voice) outgoing.voice = true;
  const shown = { kind, text: caption, attachments: [{ state: "stored", reason: null, ...attachment }] };
  sendReply(id, caption || attachment.name || "", { outgoing, shown, replyTo, basedOnVersion, keepsDraft });
}
