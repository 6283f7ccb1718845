import { useComputed } from "@preact/signals";
import { html } from "htm/preact";
import { useLayoutEffect } from "preact/hooks";
import { isIdle } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { bindKey } from "../lib/keys.js";
import { conversationPath, go, leave, listPath, place } from "../lib/place.js";
import { myConversations } from "../lib/select.js";
import { state } from "../lib/store.js";
import { leaveField } from "./composing.js";
import { ConfirmDialog } from "./confirm.js";
import { OfflineBanner } from "./connection.js";
import { closeDrawer, contextOpen, ContextPanel } from "./context_panel.js";
import { NothingOpen } from "./empty.js";
import { KeysDialog, keysShown } from "./keys_dialog.js";
import { List, openRow } from "./list.js";
import { OfferSheet } from "./offer_sheet.js";
import { Thread } from "./thread.js";
import { Toasts } from "./toast_view.js";

/** Everything inside <main class="panes">. */
export function InboxPage() {
  const id = place.value.conversationId;
  const summary = useComputed(() => state.value.conversations[place.value.conversationId]).value;
  const thread = useComputed(() => state.value.threads[place.value.conversationId]).value;
  const count = useComputed(() => myConversations(state.value).length).value;
  const back = () => leave(listPath());

  useLayoutEffect(() => {
    const unbind = [
      bindKey("enter", () => false, { words: t("Open the chosen conversation") }),
      bindKey("escape", () => escape(), { words: t("Close, go back"), whileTyping: true }),
      bindKey("?", () => (keysShown.value = true), { words: t("Show the keys") }),
    ];
    return () => unbind.forEach((undo) => undo());
  }, []);

  // On a phone the list's own heading is out of sight while a conversation is open.
  return html`<h1 class="unseen">${t("Inbox")}</h1>
    <section class="pane-list" aria-label=${t("Conversations")}><${List} /></section>
    <div class="pane-thread">
      <${OfflineBanner} />
      ${id ? html`<${Thread} key=${id} id=${id} onBack=${back} onLeft=${openNext} />` : html`<${NothingOpen} count=${count} />`}
    </div>
    <aside class="pane-context" aria-label=${t("Details")} inert=${!contextOpen.value || !id}>
      ${summary && thread
        ? html`<${ContextPanel} summary=${summary} thread=${thread} linkTo=${(other) => conversationPath(other)} onOpen=${openRow} />`
        : html`<p class="empty quiet">${t("Open a conversation to see who writes.")}</p>`}
    </aside>
    <div class="corner"><${OfferSheet} /><${Toasts} /></div><${KeysDialog} /><${ConfirmDialog} />`;
}

/** Esc undoes the last opening: the drawer, then the writing, then the conversation. */
function escape() {
  if (closeDrawer()) return true;
  if (document.activeElement?.closest(".composer")) {
    leaveField();
    return true;
  }
  if (!place.value.conversationId) return false;
  const id = place.value.conversationId;
  leave(listPath());
  requestAnimationFrame(() => document.querySelector(`[data-id="${id}"] a`)?.focus());
  return true;
}

/** After the last word on one, the next that waits is opened where there is room for both. */
function openNext(id) {
  if (place.value.conversationId !== id) return;
  const next = myConversations(state.value).find((summary) => summary.id !== id && summary.waiting_since);
  const roomy = matchMedia("(min-width: 700px)").matches;
  go(next && roomy ? conversationPath(next.id) : listPath(), { replace: true });
  // The keyboard stays where work goes on, not on a button that is gone.
  requestAnimationFrame(() => {
    if (isIdle()) document.querySelector(".conversation a[aria-current], .conversation a[tabindex='0'], .list-views a")?.focus({ preventScroll: true });
  });
}
