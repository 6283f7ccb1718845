import { html } from "htm/preact";
import { ago } from "../lib/format.js";
import { t } from "../lib/i18n.js";
import { dropEntry, sendAnyway } from "../lib/replies.js";
import { now } from "../lib/time.js";
import { Icon } from "./icon.js";

/** A reply that did not go out by itself: what changed meanwhile, or why not, and what to do. */
export function ReplyTrouble({ entry, onEdit, mayReply }) {
  const stale = entry.problem?.kind === "stale-reply";
  return html`<section class="reply-trouble" role="alert" data-tone=${stale || entry.state === "held" ? "due-soon" : "failed"}>
    <h4><${Icon} name="alert" />${titleOf(entry, stale)}</h4>
    ${stale
      ? html`<${Changes} changes=${entry.problem.changes} />`
      : html`<p>${entry.state === "held" ? t("The page was closed before it went out.") : entry.problem?.detail}</p>`}
    ${entry.text && html`<blockquote class="cut-3" dir="auto">${entry.text}</blockquote>`}
    <div class="reply-trouble-acts">
      <button type="button" class="button button-primary" onClick=${() => onEdit(entry)}>${t("Keep editing")}</button>
      ${mayReply && (stale || entry.state === "held") && html`<button type="button" class="button" onClick=${() => sendAnyway(entry)}>
        <${Icon} name="send" turns=${true} />${stale ? t("Send anyway") : t("Send now")}</button>`}
      ${!stale && html`<button type="button" class="button button-quiet" onClick=${() => dropEntry(entry)}>${t("Discard")}</button>`}
    </div>
  </section>`;
}

/** A colleague acted while I write: said before I send. */
export function StaleBanner({ change, onSeen }) {
  return html`<p class="stale-banner" role="status" data-tone="due-soon">
    <${Icon} name="info" />
    <span>${change.words} <span class="quiet">${ago(change.at, now.value)}</span></span>
    <button type="button" class="button button-quiet" onClick=${onSeen}>${t("Seen")}</button></p>`;
}

function Changes({ changes }) {
  if (changes.length === 0) return html`<p>${t("The conversation changed while you wrote.")}</p>`;
  return html`<ul>${changes.map((change) => html`<li key=${`${change.kind}${change.at}`}>
    ${change.words} <span class="quiet">${ago(change.at, now.value)}</span></li>`)}</ul>`;
}

function titleOf(entry, stale) {
  if (entry.state === "held") return t("This reply was not sent.");
  if (!stale) return t("This reply could not be sent.");
  const first = entry.problem.changes.find((change) => change.kind.startsWith("Message"));
  if (first?.actor_name) return t("{name} replied while you were writing.", { name: first.actor_name });
  return t("Something changed while you were writing.");
}
