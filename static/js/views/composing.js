/** What the thread, its messages and the composer share while one conversation is open. */
import { signal } from "@preact/signals";

/** "reply" or "note" */
export const mode = signal("reply");
/** The message a reply quotes. */
export const quoted = signal(null);

export function startComposing(canReply) {
  mode.value = canReply ? "reply" : "note";
  quoted.value = null;
}

export function compose(kind) {
  mode.value = kind;
  requestAnimationFrame(() => document.querySelector(".composer textarea")?.focus());
}

export function quote(message) {
  quoted.value = { id: message.id, text: message.text, author: message.author };
  compose("reply");
}
