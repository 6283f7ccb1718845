/** The keyboard. A letter acts only when nobody is typing; the list below is what "?" shows. */
import { signal } from "@preact/signals";
import { isTyping } from "./dom.js";

const bindings = signal([]);
let held = 0;

/** What works right now, for the "?" sheet: [{keys, words}]. */
export function listKeys() {
  return bindings.value.filter((binding) => binding.words);
}

/**
 * Bind one key while the page part lives; `run` may return false to let the key through. → unbind
 * What moves a conversation takes Alt: a bare letter may come from somebody who believes to be writing.
 */
export function bindKey(key, run, { words = "", alt = false, whileTyping = alt, overModal = false } = {}) {
  const binding = { key, run, words, alt, whileTyping, overModal };
  bindings.value = [...bindings.value, binding];
  return () => (bindings.value = bindings.value.filter((one) => one !== binding));
}

/** Letters do nothing for a moment: they are meant for what is about to take the focus. → release */
export function holdKeys() {
  held += 1;
  return () => (held -= 1);
}

export function startKeys() {
  addEventListener("keydown", (event) => {
    if (held > 0 && event.key.length === 1) return;
    if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey) return;
    const typing = isTyping();
    const modal = document.querySelector("dialog[open]:modal");
    // The last bound wins: a dialog or a thread before the page.
    for (const binding of bindings.value.toReversed()) {
      if (!matches(binding, event) || (typing && !binding.whileTyping) || (modal && !binding.overModal)) continue;
      if (binding.run(event) === false) continue;
      event.preventDefault();
      return;
    }
  });
}

/** By the letter, or by its place on the board where the layout writes another script. */
function matches(binding, event) {
  if (binding.alt !== event.altKey) return false;
  const key = event.key.toLowerCase();
  if (key === binding.key) return true;
  return /^[a-z]$/.test(binding.key) && (event.altKey || !/^[\x20-\x7e]$/.test(event.key)) && event.code === `Key${binding.key.toUpperCase()}`;
}
