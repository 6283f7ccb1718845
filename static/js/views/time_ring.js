import { html } from "htm/preact";
import { countdown } from "../lib/format.js";
import { t } from "../lib/i18n.js";
import { now } from "../lib/time.js";

const ROUND = 2 * Math.PI * 20;
const URGENT_MS = 10_000;

/** How much of the time is left: a ring and the figure in it. */
export function TimeRing({ from, to }) {
  const whole = Math.max(1, Date.parse(to) - Date.parse(from));
  // Our reckoning of the server's time may be a moment behind it.
  const left = Math.min(whole, Math.max(0, Date.parse(to) - now.value));
  const seconds = Math.ceil(left / 1000);
  const words = seconds < 100 ? String(seconds) : countdown(left);
  return html`<span class="time-ring" role="timer" data-tone=${left < URGENT_MS ? "breached" : "accent"}
      aria-label=${t.n("{count} second left", "{count} seconds left", seconds)}>
    <svg viewBox="0 0 48 48" aria-hidden="true"><circle cx="24" cy="24" r="20" /><circle cx="24" cy="24" r="20" pathLength=${ROUND}
      stroke-dasharray=${ROUND} stroke-dashoffset=${ROUND * (1 - Math.min(1, left / whole))} /></svg>
    <span aria-hidden="true">${words}</span></span>`;
}
