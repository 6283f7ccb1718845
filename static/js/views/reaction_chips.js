import { html } from "htm/preact";
import { number } from "../lib/format.js";
import { t } from "../lib/i18n.js";
import { react } from "../lib/reactions.js";

/** The reactions on a bubble; a press takes ours off where that is allowed. */
export function ReactionChips({ message, mayReact, from }) {
  const { reactions = [] } = message;
  if (reactions.length === 0) return null;
  const byEmoji = grouped(reactions);
  return html`<ul class="reactions" aria-label=${t("Reactions")}>${[...byEmoji].map(([emoji, all]) => {
    const ours = all.some((one) => one.by === "business");
    const theirs = all.filter((one) => one.by !== "business").length;
    const who = [ours && t("us"), theirs > 0 && (from || t("the customer"))].filter(Boolean).join(", ");
    const face = html`<span aria-hidden="true">${emoji}${all.length > 1 ? ` ${number(all.length)}` : ""}</span>
      <span class="unseen">${t("{emoji} from {who}", { emoji, who })}</span>`;
    return html`<li key=${emoji}>${ours && mayReact
      ? html`<button type="button" class="reaction" data-ours title=${t("Take it back")} onClick=${() => react(message, emoji)}>${face}<span class="unseen">. ${t("Take it back")}</span></button>`
      : html`<span class="reaction" data-ours=${ours ? "" : null} title=${who}>${face}</span>`}</li>`;
  })}</ul>`;
}

function grouped(reactions) {
  const found = new Map();
  for (const one of reactions) found.set(one.emoji, [...(found.get(one.emoji) ?? []), one]);
  return found;
}
