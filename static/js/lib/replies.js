/**
 * Sending. A reply is shown at once, kept in this browser until the server has it, and sent with one id however
 * often it is tried. One at a time per conversation, so the order written is the order sent.
 */
import { command, newId, Problem } from "./api.js";
import { recall, remember } from "./dom.js";
import { clearDraft, keepDraft } from "./drafts.js";
import { dispatch, state } from "./store.js";
import { serverNow } from "./time.js";

// Older than this when the page comes back, it is not sent without being asked.
const RESUME_WITHIN_MS = 120_000;
const busy = new Set();

/** `outgoing`: what is said where it is more than words, `shown` ({kind, text, body, attachments}) how it looks meanwhile. */
export function sendReply(conversationId, text, { replyTo = null, basedOnVersion, outgoing = null, shown = null, keepsDraft = false }) {
  const entry = {
    command_id: newId(),
    conversation_id: conversationId,
    text,
    outgoing,
    shown,
    reply_to: replyTo,
    at: new Date(serverNow()).toISOString(),
    based_on_version: basedOnVersion,
    state: "sending",
    problem: null,
    echo: null,
  };
  dispatch({ type: "reply_written", entry });
  keepUnsent(conversationId);
  if (!keepsDraft) clearDraft(conversationId);
  pump(conversationId);
}

/** Send it although something changed: it is now based on what is on the screen. */
export function sendAnyway(entry) {
  const id = entry.conversation_id;
  const basedOnVersion = state.value.versions[`conversation:${id}`];
  // The refusal is the stored result of the old id.
  dispatch({ type: "reply_released", id, commandId: entry.command_id, basedOnVersion, newCommandId: newId() });
  keepUnsent(id);
  pump(id);
}

/** Take it back into the composer. */
export function keepEditing(entry) {
  dropEntry(entry);
  if (!entry.outgoing) keepDraft(entry.conversation_id, entry.text);
}

export function dropEntry(entry) {
  dispatch({ type: "reply_dropped", id: entry.conversation_id, commandId: entry.command_id });
  keepUnsent(entry.conversation_id);
}

export async function retryMessage(message) {
  await moveMessage(message, "retry");
}

export async function discardMessage(message) {
  await moveMessage(message, "discard");
}

/** Replies that an ended page left behind: the young go out, the old wait for a word. */
export function resumeUnsent(userId) {
  storageKey = `majlis:unsent:${userId}`;
  const kept = recall(storageKey) ?? {};
  for (const entries of Object.values(kept)) {
    for (const entry of entries) {
      const young = serverNow() - Date.parse(entry.at) < RESUME_WITHIN_MS && entry.state !== "refused";
      dispatch({ type: "reply_written", entry: { ...entry, echo: null, state: young ? "sending" : "held" } });
    }
  }
  Object.keys(kept).forEach((id) => pump(Number(id)));
}

let storageKey = "majlis:unsent";

async function pump(id) {
  if (busy.has(id)) return;
  busy.add(id);
  try {
    for (let entry = next(id); entry; entry = next(id)) await deliver(id, entry);
  } finally {
    busy.delete(id);
  }
}

/** The first that waits; one that needs a person's word holds back those written after it. */
function next(id) {
  const first = state.value.pending[id]?.[0];
  return first && (first.state === "sending" || first.state === "waiting") ? first : null;
}

async function deliver(id, entry) {
  const said = entry.outgoing ? { outgoing: entry.outgoing } : { text: entry.text };
  const body = { ...said, based_on_version: entry.based_on_version };
  if (entry.reply_to) body.reply_to = entry.reply_to.id;
  const commandId = entry.command_id;
  try {
    const onWaiting = () => dispatch({ type: "reply_waiting", id, commandId });
    const path = `/api/conversations/${id}/${entry.outgoing ? "messages" : "replies"}`;
    const { message, also } = await command(path, body, { commandId, onWaiting });
    dispatch({ type: "reply_taken", id, commandId, message, also });
  } catch (error) {
    const problem = error instanceof Problem
      ? { kind: error.kind, detail: error.detail || error.title, changes: error.body.changes ?? [], errors: error.body.errors ?? [] }
      : { kind: "unknown", detail: String(error.message), changes: [], errors: [] };
    dispatch({ type: "reply_refused", id, commandId, problem });
  }
  keepUnsent(id);
}

async function moveMessage(message, verb) {
  await command(`/api/messages/${message.id}/${verb}`, {}, { attempts: 4 });
}

function keepUnsent(id) {
  const kept = recall(storageKey) ?? {};
  const entries = state.value.pending[id] ?? [];
  if (entries.length) kept[id] = entries;
  else delete kept[id];
  remember(storageKey, Object.keys(kept).length ? kept : null);
}
