/** One conversation on any page: the Desk reads with the same thread the inbox answers with. */
import { render } from "preact";
import { html } from "htm/preact";
import { useComputed } from "@preact/signals";
import { dispatch, state } from "../lib/store.js";
import { withDraft } from "../lib/threads.js";
import { ConfirmDialog } from "./confirm.js";
import { ContextPanel } from "./context_panel.js";
import { Thread } from "./thread.js";
import { Toasts } from "./toast_view.js";

/**
 * Draws the conversation into `element` (a .pane-thread), its details into `context` (a .pane-context) when given.
 * `snapshot` (GET /api/conversations/ID, from the page data) saves the first request. Without `readOnly` the person
 * has whatever `may` allows: take over, reassign, notes. The page's entry has called `goLive` and set `me`.
 * → {unmount}
 */
export function mountThread(element, { conversationId, snapshot = null, readOnly = false, context = null, onBack = null,
  onLeft = undefined, linkTo = (id) => `/desk/${id}` }) {
  if (snapshot) dispatch({ type: "thread_loaded", snapshot: withDraft(snapshot) });
  element.replaceChildren();
  render(html`<${Thread} key=${conversationId} id=${conversationId} readOnly=${readOnly} onBack=${onBack} onLeft=${onLeft} />
    <${Toasts} /><${ConfirmDialog} />`, element);
  if (context) {
    context.replaceChildren();
    render(html`<${Context} id=${conversationId} linkTo=${linkTo} />`, context);
  }
  return {
    unmount() {
      render(null, element);
      if (context) render(null, context);
    },
  };
}

function Context({ id, linkTo }) {
  const summary = useComputed(() => state.value.conversations[id]).value;
  const thread = useComputed(() => state.value.threads[id]).value;
  if (!summary || !thread) return null;
  return html`<${ContextPanel} summary=${summary} context=${thread.context} linkTo=${linkTo} />`;
}
