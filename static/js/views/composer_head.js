import { html } from "htm/preact";
import { windowExpiry } from "../lib/expiry.js";
import { fullTime, untilTime } from "../lib/format.js";
import { t } from "../lib/i18n.js";
import { now } from "../lib/time.js";
import { channelName } from "../lib/words.js";
import { mode, quoted } from "./composing.js";
import { Icon } from "./icon.js";

/** Reply or note; to whom, on which channel, until when. */
export function ComposerHead({ summary, may }) {
  return html`<div class="composer-head">
    ${may.reply && may.note
      ? html`<fieldset class="choice"><legend class="unseen">${t("Write a")}</legend>
          <${Mode} value="reply" icon="reply" words=${t("Reply")} />
          <${Mode} value="note" icon="note" words=${t("Note")} />
        </fieldset>`
      : html`<span class="composer-only"><${Icon} name=${may.reply ? "reply" : "note"} />${may.reply ? t("Reply") : t("Note")}</span>`}
    <p class="composer-to" id="composer-to">${mode.value === "note" ? t("Only colleagues see notes.") : html`<${Address} summary=${summary} />`}</p>
  </div>`;
}

export function QuotedChip() {
  if (!quoted.value || mode.value === "note") return null;
  return html`<div class="quoted-chip"><${Icon} name="reply" turns=${true} />
    <span class="cut" dir="auto">${quoted.value.text || t("Message")}</span>
    <button type="button" class="button button-quiet button-icon" aria-label=${t("Do not quote")} onClick=${() => (quoted.value = null)}>
      <${Icon} name="close" /></button></div>`;
}

/** Meta's 24 hours are over: why nothing can be written, when it can again, and that nothing is lost. */
export function ClosedWindow({ summary, draft, onForget }) {
  const name = summary.contact.name;
  return html`<div class="closed-window notice">
    <${Icon} name="lock" />
    <div class="stack">
      <p>${t("{channel} allows replies for 24 hours after the customer's last message. That ended {time}.", {
        channel: channelName(summary.channel), time: fullTime(summary.window_closes_at) })}</p>
      <p>${t("You can reply as soon as {name} writes again. Notes are always possible.", { name })}</p>
      ${draft && html`<p class="kept-draft"><strong>${t("Your draft is kept:")}</strong> <span class="cut-3" dir="auto">${draft}</span>
        <button type="button" class="link-button" onClick=${onForget}>${t("Discard the draft")}</button></p>`}
    </div>
  </div>`;
}

function Mode({ value, icon, words }) {
  return html`<label><input type="radio" name="composer-mode" value=${value} checked=${mode.value === value}
    onChange=${() => (mode.value = value)} /><span><${Icon} name=${icon} turns=${icon === "reply"} />${words}</span></label>`;
}

function Address({ summary }) {
  const expiry = windowExpiry(summary, now.value, true);
  const open = expiry && expiry.level !== "window-closed";
  return html`<span>${t("To {name} on {channel}", { name: `\u2068${summary.contact.name}\u2069`, channel: channelName(summary.channel) })}</span>
    ${open && html`<span class="composer-until" data-tone=${expiry.level === "window-closing" ? "window-closing" : null}
      title=${fullTime(summary.window_closes_at)}><${Icon} name="window" />${t("until {time}", {
        time: untilTime(summary.window_closes_at, now.value) })}</span>`}`;
}
