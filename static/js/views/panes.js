/** <main class="panes"> shows what its data says: which pane on a phone, whether the context is open. */
import { effect } from "@preact/signals";
import { contextOpen } from "./context_panel.js";

/** `opened` → whether a conversation is open. */
export function bindPanes(element, opened) {
  return effect(() => {
    element.dataset.context = contextOpen.value && opened() ? "open" : "closed";
    element.dataset.pane = opened() ? "thread" : "list";
  });
}
