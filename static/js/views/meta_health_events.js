/** What Meta said about accounts and what was found, the newest first. */
import { html } from "htm/preact";
import { dateTime, t } from "../lib/i18n.js";
import { Icon } from "./icon.js";
import { severityWords } from "./meta_health_inbox.js";

const TONES = { critical: "breached", warning: "due-soon" };
const ICONS = { critical: "failed", warning: "alert", info: "info" };

export function AccountEvents({ id, title, events, none }) {
  return html`
    <section class="health-part" aria-labelledby=${id}>
      <h2 id=${id}>${title}</h2>
      ${events.length === 0
        ? html`<p class="quiet">${none}</p>`
        : html`<ul class="panel health-events">${events.map((event) => html`<${Line} key=${event.id} event=${event} />`)}</ul>`}
    </section>`;
}

function Line({ event }) {
  const { severity, words, remedy, at, inboxes, lasting, ended_at: endedAt } = event;
  return html`
    <li class="health-event" data-tone=${TONES[severity] ?? null}>
      <${Icon} name=${ICONS[severity]} label=${severityWords(severity)} />
      <span class="grow stack">
        <span class="break">${words}</span>
        <span class="hint break"><time datetime=${at}>${dateTime(at)}</time> · ${inboxes.join(" · ")}</span>
        ${remedy && !endedAt && html`<span class="health-remedy break">${remedy}</span>`}
      </span>
      ${lasting && html`<span class="chip" data-tone=${TONES[severity] ?? null}>${t("Still so")}</span>`}
      ${endedAt && html`<span class="chip" data-tone="met"><${Icon} name="check" />${t("Over")}</span>`}
    </li>`;
}
