import { html } from "htm/preact";
import { countdown, fullTime, untilTime } from "../lib/format.js";
import { t } from "../lib/i18n.js";
import { now } from "../lib/time.js";
import { urgencyOf } from "../lib/window.js";
import { channelName, kindName } from "../lib/words.js";
import { mode, quoted } from "./composing.js";
import { Icon } from "./icon.js";

/** Reply or note; to whom, on which channel, until when. `standing`: Meta's verdict now; `told`: what was read with the thread. */
export function ComposerHead({ summary, may, standing, told }) {
  return html`<div class="composer-head">
    ${may.reply && may.note
      ? html`<fieldset class="choice"><legend class="unseen">${t("Write a")}</legend>
          <${Mode} value="reply" icon="reply" words=${t("Reply")} />
          <${Mode} value="note" icon="note" words=${t("Note")} />
        </fieldset>`
      : html`<span class="composer-only"><${Icon} name=${may.reply ? "reply" : "note"} />${may.reply ? t("Reply") : t("Note")}</span>`}
    <p class="composer-to" id="composer-to">${mode.value === "note" ? t("Only colleagues see notes.") : html`<${Address} summary=${summary} standing=${standing} told=${told} />`}</p>
  </div>`;
}

export function QuotedChip() {
  if (!quoted.value || mode.value === "note") return null;
  return html`<div class="quoted-chip"><${Icon} name="reply" turns=${true} />
    <span class="cut" dir="auto">${quoted.value.text || kindName(quoted.value)}</span>
    <button type="button" class="button button-quiet button-icon" aria-label=${t("Do not quote")} onClick=${() => (quoted.value = null)}>
      <${Icon} name="close" /></button></div>`;
}

/** The day is over; a person may still answer, and only a person. */
export function HumanAgent({ summary, standing }) {
  return html`<p class="notice human-agent" data-tone="window-closing"><${Icon} name="window" />
    <span>${t("The 24 hours are over. {channel} still lets a person answer until {time}: only what was asked, nothing automatic and no advertising.", {
      channel: channelName(summary.channel), time: fullTime(standing.until) })}</span></p>`;
}

/** They only commented: Meta takes one text to them, nothing else. */
export function PrivateReply({ summary, standing }) {
  return html`<p class="notice private-reply" data-tone="window-closing"><${Icon} name="window" />
    <span>${t("One private reply to their comment, until {time}: only words. More goes once {name} has answered it.", {
      time: fullTime(standing.until), name: `\u2068${summary.contact.name}\u2069` })}</span></p>`;
}

function Mode({ value, icon, words }) {
  return html`<label><input type="radio" name="composer-mode" value=${value} checked=${mode.value === value}
    onChange=${() => (mode.value = value)} /><span><${Icon} name=${icon} turns=${icon === "reply"} />${words}</span></label>`;
}

function Address({ summary, standing, told }) {
  return html`<span>${t("To {name} on {channel}", { name: `\u2068${summary.contact.name}\u2069`, channel: channelName(summary.channel) })}</span>
    ${standing.open && standing.until && html`<${Until} standing=${standing} />`}
    ${told?.free_until && Date.parse(told.free_until) > now.value && html`<span class="composer-until composer-free" title=${fullTime(told.free_until)}>${t("free of charge until {time}", {
      time: untilTime(told.free_until, now.value) })}</span>`}
    ${told?.marketing_stopped && html`<span class="composer-until" data-tone="due-soon" title=${t("The customer asked for no marketing messages. Answers are still welcome.")}>
      <${Icon} name="bell-off" />${t("no marketing")}</span>`}`;
}

/** The hour it closes; near the end how long that is. */
function Until({ standing }) {
  const { until, by } = standing;
  const urgency = urgencyOf(standing, now.value);
  const words = urgency
    ? t("closes in {time}", { time: countdown(until - now.value) })
    : by === "human_agent" ? t("for people until {time}", { time: untilTime(until, now.value) }) : t("until {time}", { time: untilTime(until, now.value) });
  return html`<span class="composer-until" data-tone=${urgency || by === "human_agent" ? "window-closing" : null} data-urgency=${urgency} title=${fullTime(until)}>
    <${Icon} name="window" />${words}</span>`;
}
