/** Back to a message somebody quoted: earlier pages are read until it is there. */
import { t } from "./i18n.js";
import { state } from "./store.js";
import { loadOlder } from "./threads.js";
import { say } from "./toasts.js";

const MOST_PAGES = 20;
const SHOWN_MS = 1600;

export async function seek(conversationId, messageId) {
  for (let page = 0; page < MOST_PAGES && !element(messageId); page += 1) {
    if (!state.value.threads[conversationId]?.more) break;
    await loadOlder(conversationId);
    if (state.value.threads[conversationId]?.olderFailed) break;
    await drawn();
  }
  const found = element(messageId);
  if (!found) return say(t("That message is not in this conversation's history here."));
  found.scrollIntoView({ block: "center", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
  found.focus({ preventScroll: true });
  found.dataset.sought = "";
  setTimeout(() => delete found.dataset.sought, SHOWN_MS);
}

/** Painted, and whatever follows the size of the thread has had its turn. */
function drawn() {
  return new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(resolve))));
}

function element(id) {
  return document.getElementById(`message-${id}`);
}
