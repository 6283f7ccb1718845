/** What a message is, as far as its place in the thread depends on it. */

// Said to nobody in particular: a thin line, not a bubble.
const SILENT = new Set(["system", "optin", "handover", "account_linking", "response_feedback", "call_ended", "reaction"]);
const UNSENT = new Set(["failed", "uncertain"]);

/** True for what stands between the bubbles. */
export function isLine(message) {
  return SILENT.has(message.kind) || (message.kind === "revoke" && !message.revoked_at);
}

/**
 * A change is seen on the message it is about: one that came before that message is a line only until then, a reaction
 * of ours only while it needs somebody.
 */
export function isHidden(message) {
  if (message.revoked_at && message.body?.applied) return true;
  return message.kind === "reaction" && message.direction === "outbound" && !UNSENT.has(message.status);
}
