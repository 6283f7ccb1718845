/** Questions to the state, pure. */
import { nextExpiry } from "./expiry.js";

const HELD = new Set(["assigned", "snoozed"]);
const BEAT_LIMIT_MS = 12_000;

export function isMine(state, summary) {
  return Boolean(summary && state.me && summary.owner?.id === state.me.id && HELD.has(summary.state));
}

/** Mine, in the order I should look at them: what expires first, then unanswered, then the newest. */
export function myConversations(state) {
  return Object.values(state.conversations)
    .filter((summary) => isMine(state, summary) && !state.leaving[summary.id])
    .sort(byUrgency);
}

function byUrgency(a, b) {
  return urgency(a) - urgency(b) || Date.parse(b.last_message_at) - Date.parse(a.last_message_at) || b.id - a.id;
}

export function unreadCount(state) {
  return myConversations(state).filter((summary) => summary.unread > 0).length;
}

/** The clock that goes in the tab title: my most pressing one. */
export function mostPressing(state, now) {
  let best = null;
  for (const summary of myConversations(state)) {
    const expiry = nextExpiry(summary, now);
    const counts = expiry?.at && !["quiet", "window-closed"].includes(expiry.level);
    if (counts && (!best || expiry.at < best.expiry.at)) best = { summary, expiry };
  }
  return best;
}

/** "live", "catching_up" or "offline": silence is offline, whatever the socket believes. */
export function light(link, now) {
  if (!link.connected) return link.failed ? "offline" : "catching_up";
  if (link.beatAt === null) return "catching_up";
  if (now - link.beatAt > BEAT_LIMIT_MS) return "offline";
  return link.catchingUp || !link.serverLive ? "catching_up" : "live";
}

/** True when the feed moved past what we saw in a sector: a catch-up is due. */
export function isBehind(state, heads) {
  return Object.entries(heads).some(([sector, head]) => head > (state.heads[sector] ?? 0));
}

function urgency(summary) {
  const timer = summary.timer;
  if (timer?.due_at && (timer.state === "running" || timer.state === "breached")) return Date.parse(timer.due_at);
  if (summary.waiting_since) return Date.parse(summary.waiting_since) + 86_400_000;
  return Number.MAX_SAFE_INTEGER;
}
