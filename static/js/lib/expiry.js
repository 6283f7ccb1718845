/** What expires in a conversation, in which order, and how loudly to say it. Pure: `now` in milliseconds. */

const HOUR = 3_600_000;
// Meta's 24 hours are worth a chip in a row only near their end.
const WINDOW_NEAR_MS = 3 * HOUR;

/** → {kind: "sla"|"window", level, at, target} or null; level is the CSS word: met, due-soon, breached, … */
export function nextExpiry(summary, now, { always = false } = {}) {
  const all = deadlines(summary, [], now);
  // A clock at rest counts nothing down: Meta's window does, near or far.
  const rests = all.some(({ level }) => level === "paused");
  return all.find(({ level }) => always || rests || level !== "quiet") ?? null;
}

/** Everything that expires, the next one first; then what is over, then what rests. `timers`: all that were read. */
export function deadlines(summary, timers, now) {
  const found = timersAtWork(summary, timers).map((timer) => slaExpiry(timer, now));
  return [...found, replyExpiry(summary, now) ?? peopleExpiry(summary, now) ?? windowExpiry(summary, now)].filter(Boolean).sort((a, b) => place(a) - place(b) || (a.at ?? 0) - (b.at ?? 0));
}

/**
 * The timers read with the thread, corrected by the summary, which every push renews: its timer is the first of those
 * at work, so that whatever was read as due before it is over, and without one none is at work.
 */
function timersAtWork(summary, timers) {
  const first = summary.timer;
  if (!first) return [];
  const due = ({ due_at: at }) => (at ? Date.parse(at) : Infinity);
  return [first, ...timers.filter((timer) => timer.target !== first.target && due(timer) >= due(first))];
}

/** Seconds under two minutes, minutes under two hours, hours under two days. → {unit, value} */
export function remaining(ms) {
  const left = Math.abs(ms);
  if (left < 120_000) return { unit: "clock", value: Math.floor(left / 1000) };
  if (left < 2 * HOUR) return { unit: "minutes", value: Math.floor(left / 60_000) };
  if (left < 48 * HOUR) return { unit: "hours", value: Math.floor(left / HOUR) };
  return { unit: "days", value: Math.floor(left / (24 * HOUR)) };
}

function place({ level }) {
  return { "window-closed": 1, paused: 2 }[level] ?? 0;
}

/** Meta's 24 hours for free words, counted from the customer's last message. */
function windowExpiry(summary, now) {
  if (!summary.window_closes_at || summary.state === "resolved") return null;
  const at = Date.parse(summary.window_closes_at);
  if (now >= at) return { kind: "window", level: "window-closed", at, target: "window" };
  return { kind: "window", level: at - now > WINDOW_NEAR_MS ? "quiet" : "window-closing", at, target: "window" };
}

/** Their comment, once the day is over or never began: until when it may be answered in private. */
function replyExpiry(summary, now) {
  const reply = summary.private_reply;
  const day = summary.window_closes_at ? Date.parse(summary.window_closes_at) : 0;
  const at = reply && !reply.answered && summary.state !== "resolved" && now >= day ? Date.parse(reply.until) : 0;
  if (now >= at) return null;
  return { kind: "window", level: at - now > WINDOW_NEAR_MS ? "quiet" : "window-closing", at, target: "private_reply" };
}

/** Once the day is over: until when a person may still answer, where Meta granted that. */
function peopleExpiry(summary, now) {
  const over = windowExpiry(summary, now)?.level === "window-closed";
  const at = over && summary.people_until ? Date.parse(summary.people_until) : 0;
  if (now >= at) return null;
  return { kind: "window", level: at - now > WINDOW_NEAR_MS ? "quiet" : "window-closing", at, target: "human_agent" };
}

function slaExpiry(timer, now) {
  if (timer.state === "met" || timer.state === "cancelled") return null;
  if (timer.state === "paused") return { kind: "sla", level: "paused", at: null, target: timer.target };
  if (!timer.due_at) return null;
  const at = Date.parse(timer.due_at);
  const warn = timer.warn_at ? Date.parse(timer.warn_at) : at;
  const level = now >= at ? "breached" : now >= warn ? "due-soon" : "met";
  return { kind: "sla", level, at, target: timer.target };
}
