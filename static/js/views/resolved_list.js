import { signal } from "@preact/signals";
import { html } from "htm/preact";
import { useEffect } from "preact/hooks";
import { get } from "../lib/api.js";
import { t } from "../lib/i18n.js";
import { place } from "../lib/place.js";
import { ConversationRow } from "./conversation_row.js";
import { NoConversations } from "./empty.js";

/** What was read so far; kept while one goes in and out of a conversation. */
const pages = signal({ items: [], next: null, state: "new" });

/** Conversations I finished, newest first, page by page. */
export function ResolvedList({ open }) {
  const { items, next, state } = pages.value;
  useEffect(() => {
    readPage(null);
  }, []);
  return html`<div class="list-scroll">
    ${items.length === 0 && state === "done" && html`<${NoConversations} view="resolved" />`}
    <ul class="conversations" aria-label=${t("Resolved")}>
      ${items.map((summary) => html`<${ConversationRow} key=${summary.id} summary=${summary}
        current=${summary.id === place.value.conversationId} onOpen=${open} />`)}
    </ul>
    <div class="list-more" role="status">
      ${state === "reading" && html`<p class="quiet small">${t("Reading…")}</p>`}
      ${state === "failed" && html`<p class="quiet small">${t("The list could not be read.")}</p>`}
      ${(next || state === "failed") && state !== "reading" && html`<button type="button" class="button" onClick=${() => readPage(next)}>
        ${state === "failed" ? t("Try again") : t("Show more")}</button>`}
    </div></div>`;
}

async function readPage(before) {
  pages.value = { ...pages.value, state: "reading" };
  try {
    const page = await get(`/api/conversations?view=resolved${before ? `&before=${encodeURIComponent(before)}` : ""}`);
    const items = before ? [...pages.value.items, ...page.conversations] : page.conversations;
    pages.value = { items, next: page.next, state: "done" };
  } catch {
    pages.value = { ...pages.value, state: "failed" };
  }
}
