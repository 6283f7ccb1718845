import { signal } from "@preact/signals";
import { html } from "htm/preact";
import { recall, remember } from "../lib/dom.js";
import { deadlines } from "../lib/expiry.js";
import { dayName, fullTime, shortTime } from "../lib/format.js";
import { t } from "../lib/i18n.js";
import { now, serverNow } from "../lib/time.js";
import { channelName, identityName, languageName, priorityName, stateName, targetName } from "../lib/words.js";
import { DeadlineChip } from "./clock_chip.js";
import { SamePerson } from "./context_people.js";
import { Icon } from "./icon.js";
import { Labels } from "./labels.js";

const KEY = "majlis:context";
const wide = matchMedia("(min-width: 1100px)");

/** Open beside a wide thread unless folded before; a drawer that opens when asked elsewhere. */
export const contextOpen = signal(wide.matches && recall(KEY) !== "closed");

wide.addEventListener("change", () => (contextOpen.value = wide.matches && recall(KEY) !== "closed"));

export function toggleContext() {
  contextOpen.value = !contextOpen.value;
  if (wide.matches) remember(KEY, contextOpen.value ? null : "closed");
}

/** True when it was a drawer over the thread and is closed now. */
export function closeDrawer() {
  const was = contextOpen.value && !wide.matches;
  if (was) contextOpen.value = false;
  return was;
}

/** Who the customer is, what is due, how they came and what was before. `linkTo(id)` → the address of another conversation. */
export function ContextPanel({ summary, thread, linkTo, onOpen }) {
  const { context, may, timers = [] } = thread;
  return html`
    <header class="pane-head"><h2 class="grow">${t("Details")}</h2>
      <button type="button" class="button button-quiet button-icon" aria-label=${t("Close the details")} onClick=${toggleContext}>
        <${Icon} name="close" /></button></header>
    <div class="context">
      <${Identities} summary=${summary} identities=${context?.identities ?? []} />
      <${Labels} id=${summary.id} labels=${context?.labels ?? []} may=${Boolean(may?.note)} />
      ${summary.state !== "resolved" && html`<${Deadlines} summary=${summary} timers=${timers} />`}
      <${Facts} summary=${summary} />
      <${SamePerson} summary=${summary} version=${context} />
      ${context?.referral && html`<${Referral} referral=${context.referral} />`}
      <${Earlier} earlier=${context?.earlier ?? []} linkTo=${linkTo} onOpen=${onOpen} />
    </div>`;
}

function Identities({ summary, identities }) {
  const picture = identities.find((identity) => identity.picture)?.picture;
  return html`<section>
    <h3>${t("Customer")}</h3>
    <div class="row context-who">${picture && html`<img class="context-picture" src=${picture} alt="" />`}
      <p class="context-name break" dir="auto">${summary.contact.name || t("No name given")}</p></div>
    ${summary.contact.username && html`<p class="quiet break" dir="ltr">@${summary.contact.username}</p>`}
    <dl>${identities.map((identity) => html`<div key=${identity.kind + identity.label}>
      <dt>${identityName(identity.kind)}</dt><dd class="break"><bdi dir="ltr">${identity.label}</bdi></dd></div>`)}
      <div><dt>${t("Language")}</dt><dd>${languageName(summary.language)}</dd></div></dl>
  </section>`;
}

function Deadlines({ summary, timers }) {
  const all = deadlines(summary, timers, now.value);
  if (all.length === 0) return null;
  return html`<section class="deadlines">
    <h3>${t("Deadlines")}</h3>
    <dl>${all.map((expiry) => html`<div key=${expiry.target}>
      <dt>${targetName(expiry.target)}</dt><dd><${DeadlineChip} expiry=${expiry} />
        ${expiry.at && html` <time class="quiet" datetime=${new Date(expiry.at).toISOString()}>${shortTime(expiry.at, now.value)}</time>`}</dd></div>`)}</dl>
  </section>`;
}

function Facts({ summary }) {
  const rows = [
    [t("Sector"), summary.sector_name],
    [t("Inbox"), summary.inbox_name],
    [t("Channel"), channelName(summary.channel)],
    [t("State"), stateName(summary.state)],
    summary.owner && [t("With"), summary.owner.name],
    [t("Priority"), priorityName(summary.priority)],
    summary.queue_name && [t("Queue"), summary.queue_name],
  ].filter(Boolean);
  return html`<section>
    <h3>${t("Conversation")}</h3>
    <dl>${rows.map(([name, value]) => html`<div key=${name}><dt>${name}</dt><dd class="break" dir="auto">${value}</dd></div>`)}
      <div><dt>${t("Began")}</dt><dd><time datetime=${summary.opened_at}>${fullTime(summary.opened_at)}</time></dd></div></dl>
  </section>`;
}

function Referral({ referral }) {
  return html`<section>
    <h3>${t("How they came")}</h3>
    <div class="referral"><${Icon} name="ad" /><div class="stack">
      ${referral.headline && html`<strong class="break" dir="auto">${referral.headline}</strong>`}
      ${typeof referral.body === "string" && html`<span class="break" dir="auto">${referral.body}</span>`}
      <span class="quiet small break">${[sourceName(referral.source), referral.source_id].filter(Boolean).join(" · ")}</span>
    </div></div>
  </section>`;
}

function Earlier({ earlier, linkTo, onOpen }) {
  return html`<section>
    <h3>${t("Earlier conversations")}</h3>
    ${earlier.length === 0 && html`<p class="quiet">${t("This is the first one.")}</p>`}
    <ul class="earlier">${earlier.map((one) => html`<li key=${one.id}>
      <a href=${linkTo(one.id)} onClick=${(event) => onOpen?.(event, one.id)}>
        <span class="row row-apart"><strong>${dayName(one.opened_at, serverNow())}</strong><span class="quiet small">${stateName(one.state)}</span></span>
        <span class="cut quiet small" dir="auto">${one.last_message?.text || one.sector_name}</span>
      </a></li>`)}</ul>
  </section>`;
}

function sourceName(source) {
  return { ad: t("Ad"), post: t("Post"), ads: t("Ad"), shortlink: t("Link"), customer_chat_plugin: t("Website chat") }[source?.toLowerCase()] ?? source;
}
