/** What the thread, its messages and the composer share while one conversation is open. */
import { signal } from "@preact/signals";
import { holdKeys } from "../lib/keys.js";

/** "reply", "note", or null where nothing can be replied and no note was begun. */
export const mode = signal("reply");
/** The message a reply quotes. */
export const quoted = signal(null);

/** What is being filled in over the thread: {form: "template" or one of FORMS, given, errors} or null. */
export const filling = signal(null);

export function startComposing(canReply) {
  mode.value = canReply ? "reply" : null;
  quoted.value = null;
  filling.value = null;
}

/** `given`: what was filled in before, to go on with. */
export function pickTemplate(given = null) {
  filling.value = { form: "template", given };
}

let wanted = null;

/** The next letter already belongs to the field, drawn yet or not. */
export function compose(kind) {
  const mine = (wanted = Symbol(kind));
  mode.value = kind;
  const field = () => document.querySelector(".composer-field");
  field()?.focus();
  const release = holdKeys();
  requestAnimationFrame(() => {
    if (wanted === mine) field()?.focus();
    release();
  });
}

/** Out of the field, also out of one that is only about to take the focus. */
export function leaveField() {
  wanted = null;
  document.activeElement.blur();
}

export function quote(message) {
  const { id, text, author, kind, kind_name } = message;
  quoted.value = { id, text, author, kind, kind_name };
  compose("reply");
}
