/** Our reaction on a customer's message: shown at once, taken off again when the server will not have it. */
import { command } from "./api.js";
import { t } from "./i18n.js";
import { dispatch, state } from "./store.js";
import { say } from "./toasts.js";

export const QUICK = ["👍", "❤️", "😂", "😮", "😢", "🙏"];
export const MORE = ["👌", "👏", "🙌", "💪", "🤝", "✅", "🎉", "🔥", "💯", "⭐", "🌹", "☀️", "😊", "😍", "😘", "🤗", "😁", "😅", "🤣", "😉", "😎", "🤔", "🤲", "🙈",
  "😇", "😴", "😔", "😭", "😡", "👎", "⏳", "☕", "🍽️", "🎂"];

/** Ours on it, "" when there is none. */
export function ourReaction(message) {
  return message.reactions?.find((one) => one.by === "business")?.emoji ?? "";
}

/** The same once more takes it back. */
export async function react(message, emoji) {
  const before = message.reactions ?? [];
  const wanted = ourReaction(message) === emoji ? "" : emoji;
  mark(message, [...before.filter((one) => one.by !== "business"), ...(wanted ? [{ emoji: wanted, by: "business" }] : [])]);
  try {
    const { message: moved } = await command(`/api/messages/${message.id}/reaction`, { emoji: wanted }, { attempts: 4 });
    if (moved?.reactions) mark(message, moved.reactions);
  } catch (error) {
    mark(message, before);
    say(error.detail || t("The reaction was not sent. Try again in a moment."), { tone: "failed" });
  }
}

/** The first sign somebody typed that may be a reaction; null for letters. */
export function emojiIn(text) {
  const [first] = new Intl.Segmenter(undefined, { granularity: "grapheme" }).segment(text.trim());
  return first && /\p{Extended_Pictographic}|\p{Regional_Indicator}{2}|[#*0-9]\uFE0F?\u20E3/u.test(first.segment) ? first.segment : null;
}

function mark({ id, conversation_id: conversation }, reactions) {
  if (state.value.threads[conversation]) dispatch({ type: "message_marked", id: conversation, messageId: id, patch: { reactions } });
}
