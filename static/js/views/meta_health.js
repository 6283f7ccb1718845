/** Every inbox with what was looked at, the worst first; then the month's costs and what happened to the accounts. */
import { html } from "htm/preact";
import { costs, health, stale } from "../lib/health_feed.js";
import { clockTime, t } from "../lib/i18n.js";
import { AccountEvents } from "./meta_health_events.js";
import { Check, InboxHealth } from "./meta_health_inbox.js";
import { Costs } from "./meta_health_costs.js";
import { Icon } from "./icon.js";

const WORST = { critical: 0, warning: 1 };

export function MetaHealth() {
  const { inboxes, checks, templates, events, as_of: asOf, may_check: mayAsk } = health.value;
  const sorted = [...inboxes].sort((one, other) => (WORST[one.severity] ?? 2) - (WORST[other.severity] ?? 2));
  return html`
    <header class="health-top">
      <h1>${t("Meta health")}</h1>
      <p class="quiet small" role="status">${stale.value
        ? html`<span class="chip" data-tone="due-soon"><${Icon} name="offline" />${t("not updated since {time}", { time: clockTime(asOf) })}</span>`
        : t("As of {time}", { time: clockTime(asOf) })}</p>
    </header>
    <${Verdict} severity=${health.value.severity} />
    ${sorted.length === 0 && html`<div class="empty"><${Icon} name="inbox" /><h2>${t("No inbox yet")}</h2>
      <p>${t("Inboxes of your sectors appear here as soon as the organisation names them.")}</p></div>`}
    <div class="health-inboxes">${sorted.map((inbox) => html`<${InboxHealth} key=${inbox.id} inbox=${inbox} mayAsk=${mayAsk} />`)}</div>
    <section class="health-part" aria-labelledby="here">
      <h2 id="here">${t("On our side")}</h2>
      <dl class="panel health-checks">${checks.map((check) => html`<${Check} key=${check.what} check=${check} />`)}</dl>
    </section>
    ${costs.value && html`<${Costs} costs=${costs.value} />`}
    ${templates.length > 0 && html`<${AccountEvents} id="templates" title=${t("Templates with a problem")} events=${templates} />`}
    <${AccountEvents} id="events" title=${t("What happened to the accounts")} events=${events}
      none=${t("Meta has said nothing about these accounts yet.")} />`;
}

function Verdict({ severity }) {
  const [tone, icon, words] = {
    critical: ["breached", "failed", t("Something needs you now: messages may not arrive or not leave.")],
    warning: ["due-soon", "alert", t("Everything runs; some things want a look.")],
  }[severity] ?? ["met", "resolve", t("All accounts are well.")];
  return html`<p class="notice health-verdict" data-tone=${tone}><${Icon} name=${icon} /><span>${words}</span></p>`;
}
