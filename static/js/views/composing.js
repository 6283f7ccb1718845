/** What the thread, its messages and the composer share while one conversation is open. */
import { signal } from "@preact/signals";
import { holdKeys } from "../lib/keys.js";

/** "reply", "note", or null where nothing can be replied and no note was begun. */
export const mode = signal("reply");
/** The message a reply quotes. */
export const quoted = signal(null);

export function startComposing(canReply) {
  mode.value = canReply ? "reply" : null;
  quoted.value = null;
}

/** The next letter already belongs to the field, drawn yet or not. */
export function compose(kind) {
  mode.value = kind;
  const field = () => document.querySelector(".composer-field");
  field()?.focus();
  const release = holdKeys();
  requestAnimationFrame(() => {
    field()?.focus();
    release();
  });
}

export function quote(message) {
  quoted.value = { id: message.id, text: message.text, author: message.author };
  compose("reply");
}
