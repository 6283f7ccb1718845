/** One inbox and its checks: what is wrong stands out by shape and word, with what to do about it. */
import { html } from "htm/preact";
import { ask, asking } from "../lib/health_feed.js";
import { dateTime, t } from "../lib/i18n.js";
import { say } from "../lib/toasts.js";
import { Icon } from "./icon.js";

const TONES = { critical: "breached", warning: "due-soon" };
const ICONS = { critical: "failed", warning: "alert" };

export function InboxHealth({ inbox, mayAsk }) {
  const busy = asking.value.has(inbox.id);
  const askNow = async () => {
    try {
      await ask(inbox.id);
      say(t("Meta was asked about {inbox}", { inbox: inbox.name }), { forMs: 3000 });
    } catch (error) {
      say(error.detail || t("That did not work. Check the connection and try again."), { tone: "failed" });
    }
  };
  return html`
    <section class="panel health-inbox" aria-labelledby=${`health-${inbox.id}`} data-severity=${inbox.severity}>
      <header class="health-head">
        <${Icon} name=${inbox.channel} />
        <span class="grow stack health-title"><h2 class="break" id=${`health-${inbox.id}`}>${inbox.name}</h2>
          <span class="quiet small break">${inbox.sector_name}${inbox.display && html` · <bdi dir="ltr">${inbox.display}</bdi>`}</span></span>
        <${Mark} severity=${inbox.severity} />
      </header>
      <dl class="health-checks">${inbox.checks.map((check) => html`<${Check} key=${check.what} check=${check} />`)}</dl>
      <footer class="health-foot">
        <span class="quiet small">${inbox.checked_at ? t("Asked {time}", { time: dateTime(inbox.checked_at) }) : t("Not asked yet")}</span>
        ${mayAsk && html`<button class="button" type="button" disabled=${busy} onClick=${askNow}><${Icon} name="retry" />
          ${busy ? t("Asking…") : t("Ask Meta now")}<span class="unseen"> ${inbox.name}</span></button>`}
      </footer>
    </section>`;
}

export function Check({ check }) {
  const { title, words, remedy, severity, at } = check;
  return html`
    <div class="health-check" data-tone=${TONES[severity] ?? null}>
      <dt>${title}</dt>
      <dd>
        <span class="health-words break">${severity && html`<${Icon} name=${ICONS[severity]} label=${severityWords(severity)} />`}
          ${words}${at && html`${words && " · "}<time datetime=${at}>${dateTime(at)}</time>`}</span>
        ${remedy && html`<p class="health-remedy break">${remedy}</p>`}
      </dd>
    </div>`;
}

function Mark({ severity }) {
  return html`<span class="chip" data-tone=${TONES[severity] ?? "met"}><${Icon} name=${ICONS[severity] ?? "check"} />
    ${severity ? severityWords(severity) : t("Well")}</span>`;
}

export function severityWords(severity) {
  return { critical: t("Needs you"), warning: t("Look at it"), info: t("News") }[severity] ?? severity;
}
