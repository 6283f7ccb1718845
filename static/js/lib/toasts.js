/** Short news at the edge of the page. */
import { signal } from "@preact/signals";

let last = 0;

/** [{id, words, act, onAct, tone}] */
export const toasts = signal([]);

/** → {close}. With an act ("Undo") it stays as long as the act is possible. */
export function say(words, { act = null, onAct = null, tone = null, forMs = 6000 } = {}) {
  const id = (last += 1);
  const close = () => (toasts.value = toasts.value.filter((toast) => toast.id !== id));
  toasts.value = [...toasts.value.slice(-2), { id, words, act, onAct, tone, close, forMs }];
  setTimeout(close, forMs);
  return { close };
}
