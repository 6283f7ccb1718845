/** One conversation as a supervisor scans it: who, what last, with whom, and what expires next. */
import { html } from "htm/preact";
import { shortTime } from "../lib/format.js";
import { t } from "../lib/i18n.js";
import { now } from "../lib/time.js";
import { kindName, priorityName } from "../lib/words.js";
import { Avatar } from "./avatar.js";
import { ClockChip } from "./clock_chip.js";
import { Icon } from "./icon.js";

export function BoardRow({ summary }) {
  const name = summary.contact.name || summary.contact.username || t("Unknown customer");
  return html`
    <span class="board-row-priority" title=${priorityName(summary.priority)}></span>
    <${Avatar} name=${name} channel=${summary.channel} />
    <span class="board-row-words">
      <span class="row">
        <span class="strong cut grow" dir="auto">${name}</span>
        <${ClockChip} summary=${summary} />
      </span>
      <span class="board-row-last cut" dir="auto"><${LastLine} message=${summary.last_message} /></span>
      <span class="row small quiet">
        <span class="cut grow"><${Whereabouts} summary=${summary} /></span>
        <span class="unseen">${t("Priority: {name}", { name: priorityName(summary.priority) })}</span>
        <time datetime=${summary.last_message_at}>${shortTime(summary.last_message_at, now.value)}</time>
      </span>
    </span>`;
}

function LastLine({ message }) {
  if (!message) return html`<span class="quiet">${t("No message yet")}</span>`;
  const mark = { bot: "bot", advisor: "reply", business: "reply", system: "reply" }[message.author];
  return html`${mark && html`<${Icon} name=${mark} turns=${mark === "reply"} />`}${message.text || kindName(message)}`;
}

function Whereabouts({ summary }) {
  if (summary.owner) return html`<bdi>${summary.owner.name}</bdi>${summary.state === "resolved" ? ` · ${t("Resolved")}` : ""}`;
  const place = { bot: t("With the bot"), resolved: t("Resolved"), offered: t("Being offered") }[summary.state];
  return html`${place ?? t("Waiting")} · ${summary.queue_name && summary.state !== "bot" ? summary.queue_name : summary.sector_name}`;
}
