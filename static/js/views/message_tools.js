import { html } from "htm/preact";
import { t } from "../lib/i18n.js";
import { Icon } from "./icon.js";

/** Beside a bubble while the mouse is on it. By keyboard Enter on the message opens the same, so that these are no stops. */
export function MessageTools({ may, quote, opened, onOpen }) {
  const tool = (icon, words, run, props = {}) => html`<button type="button" tabindex="-1" class="message-tool" title=${words} aria-label=${words} ...${props}
    onClick=${(event) => run(event.currentTarget)}><${Icon} name=${icon} turns=${icon === "reply"} /></button>`;
  const menu = { "aria-haspopup": "menu" };
  return html`<span class="message-tools" data-open=${opened ? "" : null}>
    ${may && tool("react", t("React"), (at) => onOpen("react", at), menu)}
    ${quote && tool("reply", t("Reply to this"), quote)}
    ${tool("more", t("What to do with this message"), (at) => onOpen("menu", at), menu)}</span>`;
}
