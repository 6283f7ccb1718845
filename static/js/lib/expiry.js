/** The next thing that expires in a conversation, and how loudly to say it. Pure: `now` in milliseconds. */

const HOUR = 3_600_000;
// Meta's 24 hours are worth a chip in a row only near their end.
export const WINDOW_NEAR_MS = 3 * HOUR;

/** → {kind: "sla"|"window", level, at, target} or null; level is the CSS word: met, due-soon, breached, … */
export function nextExpiry(summary, now, { always = false } = {}) {
  const sla = slaExpiry(summary.timer, now);
  // A clock at rest counts nothing down: Meta's window does.
  const window = windowExpiry(summary, now, always || sla?.level === "paused");
  if (!sla || !window) return sla ?? window;
  if (sla.level === "paused") return window;
  return window.level !== "window-closed" && window.at < sla.at && sla.level !== "breached" ? window : sla;
}

export function windowExpiry(summary, now, always = false) {
  if (!summary.window_closes_at || summary.state === "resolved") return null;
  const at = Date.parse(summary.window_closes_at);
  if (now >= at) return { kind: "window", level: "window-closed", at, target: "window" };
  if (at - now > WINDOW_NEAR_MS && !always) return null;
  return { kind: "window", level: at - now > WINDOW_NEAR_MS ? "quiet" : "window-closing", at, target: "window" };
}

/** Seconds under two minutes, minutes under two hours, hours under two days. → {unit, value} */
export function remaining(ms) {
  const left = Math.abs(ms);
  if (left < 120_000) return { unit: "clock", value: Math.floor(left / 1000) };
  if (left < 2 * HOUR) return { unit: "minutes", value: Math.floor(left / 60_000) };
  if (left < 48 * HOUR) return { unit: "hours", value: Math.floor(left / HOUR) };
  return { unit: "days", value: Math.floor(left / (24 * HOUR)) };
}

function slaExpiry(timer, now) {
  if (!timer || timer.state === "met" || timer.state === "cancelled") return null;
  if (timer.state === "paused") return { kind: "sla", level: "paused", at: null, target: timer.target };
  if (!timer.due_at) return null;
  const at = Date.parse(timer.due_at);
  const warn = timer.warn_at ? Date.parse(timer.warn_at) : at;
  const level = now >= at ? "breached" : now >= warn ? "due-soon" : "met";
  return { kind: "sla", level, at, target: timer.target };
}
