/** What a message is, as far as its place in the thread depends on it. */

// Said to nobody in particular: a thin line, not a bubble.
const SILENT = new Set(["system", "optin", "handover", "account_linking", "response_feedback", "call_ended", "reaction"]);
const UNSENT = new Set(["failed", "uncertain"]);

/** True for what stands between the bubbles. */
export function isLine(message) {
  return SILENT.has(message.kind) || (message.kind === "revoke" && !message.revoked_at);
}

/** A reaction of ours is seen on the message it is about; a line of its own only while it needs somebody. */
export function isHidden(message) {
  return message.kind === "reaction" && message.direction === "outbound" && !UNSENT.has(message.status);
}
