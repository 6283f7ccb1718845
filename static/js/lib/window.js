/** Whether Meta lets a person write now. The server judges; the clock goes on meanwhile. Pure: `now` in milliseconds. */

const HOUR = 3_600_000;

/**
 * The summary's hours are renewed by every push; `told`, the thread's own verdict as it was when it was read, has the words.
 * A private reply to a comment is one text, and lasts longer than a day.
 * → {open: true, until: ms|null, by} or {open: false, reason, words, remedy, closedAt: ms|null}
 */
export function verdict(summary, told, now) {
  const closes = summary.window_closes_at ? Date.parse(summary.window_closes_at) : null;
  if (closes !== null && now < closes) return { open: true, until: closes, by: "window" };
  const reply = summary.private_reply;
  const replyEnds = reply ? Date.parse(reply.until) : null;
  if (reply && !reply.answered && now < replyEnds) return { open: true, until: replyEnds, by: "private_reply" };
  const people = summary.people_until ? Date.parse(summary.people_until) : null;
  if (people !== null && now < people) return { open: true, until: people, by: "human_agent" };
  if (reply) {
    const reason = reply.answered ? "one_private_reply" : "comment_over";
    return { open: false, reason, words: null, remedy: summary.channel === "instagram" ? "wait" : "template", closedAt: reply.answered ? null : replyEnds };
  }
  if (told && !told.open) {
    return { open: false, reason: told.reason, words: told.words, remedy: told.remedy, closedAt: told.closed_at ? Date.parse(told.closed_at) : closes };
  }
  if (closes === null && !told) return { open: true, until: null, by: null };
  return { open: false, reason: "window_over", words: null, remedy: summary.channel === "instagram" ? "wait" : "template", closedAt: closes };
}

/** True once the verdict that was read has run out: the next one only the server knows. */
export function ranOut(told, now) {
  return Boolean(told?.open && told.until && now >= Date.parse(told.until));
}

/** How loudly to count down. */
export function urgencyOf(standing, now) {
  if (!standing.until) return null;
  const left = standing.until - now;
  return left < HOUR ? "now" : left < 3 * HOUR ? "near" : null;
}
