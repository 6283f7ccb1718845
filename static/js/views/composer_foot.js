import { html } from "htm/preact";
import { number } from "../lib/format.js";
import { t } from "../lib/i18n.js";
import { lengthOf } from "../lib/length.js";
import { me } from "../lib/store.js";
import { channelName } from "../lib/words.js";
import { ComposerTools } from "./composer_tools.js";
import { Icon } from "./icon.js";

const NEAR = 0.8;

/** `files`, `good`: how many files stand above, and how many of them can go. */
export function ComposerFoot({ text, limit, limits, noting, summary, ready, busy, files, good, onSend, onFiles }) {
  const direct = me.value?.preferences?.enter_sends !== false;
  return html`<div class="composer-foot">
    ${!noting && html`<${ComposerTools} id=${summary.id} channel=${summary.channel} limits=${limits} onFiles=${onFiles} />`}
    <${Limit} length=${lengthOf(text, limit.unit)} limit=${limit} channel=${noting ? null : summary.channel} />
    <span class="composer-hint" aria-hidden="true">${hint(direct, noting)}</span>
    <button type="button" class="button button-primary composer-send" disabled=${!ready} aria-busy=${busy ? "true" : null} onClick=${onSend}>
      <${Icon} name=${noting ? "note" : "send"} turns=${true} />${noting ? t("Add note") : sendWords(ready, good, files)}</button>
  </div>`;
}

/** What stays behind is said before it stays. */
function sendWords(ready, good, files) {
  if (!ready || good === files) return t("Send");
  return good > 0 ? t("Send {count} of {total}", { count: number(good), total: number(files) }) : t("Send without files");
}

function hint(direct, noting) {
  if (noting) return direct ? t("Enter saves the note, Shift+Enter starts a line") : t("Ctrl+Enter saves the note");
  return direct ? t("Enter sends, Shift+Enter starts a line") : t("Ctrl+Enter sends");
}

/** Silent until the limit is near; then how much is left, in the channel's own measure. */
function Limit({ length, limit, channel }) {
  const over = length > limit.max;
  if (length < limit.max * NEAR) return html`<span id="composer-limit"></span>`;
  const left = limit.max - length;
  return html`<span id="composer-limit" class="composer-limit" data-tone=${over ? "breached" : null} aria-live="polite">
    ${over
      ? t("{count} too many. {channel} takes {max}.", { count: number(-left), channel: channel ? channelName(channel) : t("A note"), max: measure(limit) })
      : t("{count} left of {max}", { count: number(left), max: measure(limit) })}</span>`;
}

function measure({ unit, max }) {
  return unit === "bytes"
    ? t.n("{count} byte", "{count} bytes", max)
    : t.n("{count} character", "{count} characters", max);
}
