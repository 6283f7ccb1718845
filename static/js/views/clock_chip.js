import { html } from "htm/preact";
import { nextExpiry } from "../lib/expiry.js";
import { countdown, fullTime } from "../lib/format.js";
import { t } from "../lib/i18n.js";
import { now } from "../lib/time.js";
import { targetName } from "../lib/words.js";
import { Icon } from "./icon.js";

const SIGNS = {
  met: "timer",
  "due-soon": "timer",
  breached: "alert",
  paused: "paused",
  quiet: "window",
  "window-closing": "window",
  "window-closed": "lock",
};

/** The next thing that expires; says what it is in words on hover and for the ear. */
export function ClockChip({ summary, always = false }) {
  const expiry = nextExpiry(summary, now.value, { always });
  if (!expiry) return null;
  const { level, at, target } = expiry;
  const tone = level === "window-closed" ? "window-closing" : level;
  const words = wordsOf(expiry, now.value);
  const title = at ? `${targetName(target)}: ${fullTime(at)}` : targetName(target);
  return html`<span class="chip clock-chip" data-tone=${tone} data-target=${target} role="timer" title=${title}>
    <${Icon} name=${SIGNS[level]} />
    <span class="unseen">${targetName(target)}: </span><bdi>${words}</bdi>
  </span>`;
}

function wordsOf({ level, at }, time) {
  if (level === "paused") return t("Paused");
  if (level === "window-closed") return t("Closed");
  return countdown(at - time);
}
