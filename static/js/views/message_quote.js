import { html } from "htm/preact";
import { authorName } from "../lib/authors.js";
import { t } from "../lib/i18n.js";
import { seek } from "../lib/seek.js";
import { kindName } from "../lib/words.js";

/** What a message answers to; a press goes there. `source`: the quoted message itself, where it is read already. */
export function Quote({ quoted, source = null, conversationId, from }) {
  const who = quoted.author === "customer" ? from || t("Customer") : writerOf(source ?? quoted);
  const picture = source?.attachments?.find((file) => file.state === "stored" && file.thumbnail);
  const gone = Boolean(source?.revoked_at);
  const words = gone ? t("Taken back") : quoted.text || kindName(quoted);
  return html`<button type="button" class="quote" onClick=${() => seek(conversationId, quoted.id)} title=${t("Go to the quoted message")}>
    <span class="quote-words"><span class="quote-author" dir="auto">${who}</span><span class="quote-text cut" dir="auto">${words}</span></span>
    ${picture && !gone && html`<img class="quote-picture" src=${picture.thumbnail} alt="" loading="lazy" />`}</button>`;
}

/** Which of us wrote it is known only where the message itself is here. */
function writerOf(message) {
  return message.author === "advisor" && !message.author_name ? t("We") : authorName(message);
}

/** Meta said that it answers something, and we never had that. */
export function QuoteGone() {
  return html`<p class="quote quote-gone"><span class="quote-text">${t("Answers an earlier message that is not here")}</span></p>`;
}
