import { html } from "htm/preact";
import { drafts } from "../lib/drafts.js";
import { fullTime, number, shortTime } from "../lib/format.js";
import { handed } from "../lib/handover.js";
import { t } from "../lib/i18n.js";
import { conversationPath } from "../lib/place.js";
import { serverNow } from "../lib/time.js";
import { kindName, priorityName } from "../lib/words.js";
import { Avatar } from "./avatar.js";
import { ClockChip } from "./clock_chip.js";
import { Icon } from "./icon.js";

/** One conversation in a list. `position` is [place, of] for lists that show only a part of themselves. */
export function ConversationRow({ summary, current = false, reachable = true, position = null, onOpen }) {
  const { contact, last_message: last } = summary;
  const at = summary.last_message_at;
  const given = handed.value.has(summary.id);
  return html`<li class="conversation" data-id=${summary.id} data-priority=${summary.priority}
      data-unread=${summary.unread > 0 || given ? "" : null} aria-posinset=${position?.[0]} aria-setsize=${position?.[1]}>
    <a href=${conversationPath(summary.id)} aria-current=${current ? "true" : null} tabindex=${reachable ? 0 : -1}
        onClick=${(event) => onOpen(event, summary.id)}>
      <span class="priority-bar" title=${t("Priority: {name}", { name: priorityName(summary.priority) })}></span>
      <${Avatar} name=${contact.name} channel=${summary.channel} />
      <span class="conversation-top">
        <span class="conversation-name cut" dir="auto">${contact.name || t("No name given")}</span>
        <time class="conversation-time" datetime=${at} title=${fullTime(at)}>${shortTime(at, serverNow())}</time></span>
      <span class="conversation-top"><${LastLine} id=${summary.id} last=${last} />
        ${summary.unread > 0 && html`<span class="unread-count"><span aria-hidden="true">${number(summary.unread)}</span>
          <span class="unseen">${t.n("{count} new message", "{count} new messages", summary.unread)}</span></span>`}
        ${given && !summary.unread && html`<span class="unread-count">${t("New")}</span>`}</span>
      <span class="conversation-top conversation-foot"><span class="conversation-sector cut">${summary.sector_name}</span>
        <${ClockChip} summary=${summary} /></span>
      <span class="unseen">${t("Priority: {name}", { name: priorityName(summary.priority) })}</span>
    </a>
  </li>`;
}

/** My draft before anything else: it waits for me. */
function LastLine({ id, last }) {
  const draft = drafts.value[id];
  if (draft) {
    return html`<span class="conversation-line"><span class="draft-mark">${t("Draft")}</span><span class="cut" dir="auto">${draft}</span></span>`;
  }
  if (!last) return html`<span class="conversation-line">${t("No message yet")}</span>`;
  const failed = last.status === "failed" || last.status === "uncertain";
  return html`<span class="conversation-line">
    ${failed && html`<${Icon} name="failed" label=${t("Not sent")} />`}
    ${prefix(last.author)}<span class="cut" dir="auto">${last.text || kindName(last)}</span>
  </span>`;
}

function prefix(author) {
  if (author === "customer") return null;
  const who = { bot: t("Bot"), advisor: t("We"), business: t("We"), system: t("Majlis") }[author];
  return html`<span class="conversation-author">${who}:</span>`;
}
