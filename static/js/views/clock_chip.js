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

const COUNTS = new Set(["met", "due-soon"]);

/** The next thing that expires in a conversation. */
export function ClockChip({ summary }) {
  const expiry = nextExpiry(summary, now.value);
  return expiry && html`<${DeadlineChip} expiry=${expiry} />`;
}

/** What `lib/expiry` found; says what it is in words on hover and for the ear, with `named` where there is room too. */
export function DeadlineChip({ expiry, named = false, quiet = false }) {
  const { level, at, target } = expiry;
  const tone = level === "window-closed" ? "window-closing" : level;
  const words = wordsOf(expiry, now.value);
  const title = at ? `${targetName(target)}: ${fullTime(at)}` : targetName(target);
  return html`<span class="chip clock-chip" data-tone=${tone} data-target=${target} data-quiet=${quiet || null} role="timer" title=${title}>
    <${Icon} name=${target === "resolution" && COUNTS.has(level) ? "resolve" : SIGNS[level]} />
    <span class=${named ? "chip-name" : "unseen"}>${targetName(target)}: </span><bdi>${words}</bdi>
  </span>`;
}

function wordsOf({ level, at }, time) {
  if (level === "paused") return t("Paused");
  if (level === "window-closed") return t("Closed");
  return countdown(at - time);
}
