import { html } from "htm/preact";
import { fullTime } from "../lib/format.js";
import { t } from "../lib/i18n.js";
import { channelName } from "../lib/words.js";
import { filling } from "./composing.js";
import { Icon } from "./icon.js";
import { TemplatePicker } from "./template_picker.js";

/** Meta takes no free words now: why, what can be sent instead, when one can write again, and that nothing is lost. */
export function ClosedWindow({ id, summary, thread, standing, draft, onSend, onForget }) {
  const templates = standing.remedy === "template" && thread.limits?.sends?.includes("template");
  const given = filling.value?.form === "template" ? filling.value.given : null;
  return html`<div class="closed-window" data-picks=${templates ? "" : null}>
    <div class="notice" data-tone="window-closing"><${Icon} name="lock" />
      <div class="stack">
        <p>${whyWords(summary, standing)} ${laterWords(summary, templates)}</p>
        ${draft && html`<p class="kept-draft"><strong>${t("Your draft is kept:")}</strong> <span class="cut-3" dir="auto">${draft}</span>
          <button type="button" class="link-button" onClick=${onForget}>${t("Discard the draft")}</button></p>`}
      </div></div>
    ${templates && html`<${TemplatePicker} key=${given?.name ?? ""} id=${id} summary=${summary} thread=${thread} given=${given} onSend=${onSend} />`}
  </div>`;
}

function whyWords(summary, { reason, words, closedAt }) {
  if (reason === "window_over" && closedAt) {
    return t("{channel} allows replies for 24 hours after the customer's last message. That ended {time}.", { channel: channelName(summary.channel), time: fullTime(closedAt) });
  }
  if (reason === "one_private_reply") return t("They have not answered in private yet: one private reply to a comment is all Meta allows.");
  if (reason === "comment_over") return t("More than 7 days have passed since their comment: it can no longer be answered in private.");
  return words || t("{channel} takes no free words here now.", { channel: channelName(summary.channel) });
}

function laterWords(summary, templates) {
  const { name } = summary.contact;
  return templates
    ? t("Until {name} writes again, only an approved template may be sent.", { name })
    : t("You can reply as soon as {name} writes again. Notes are always possible.", { name });
}
