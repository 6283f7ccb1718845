/** Opened conversations: their messages, notes and facts, in time order. */
import { isHidden } from "./kinds.js";

export function loadThread(state, { snapshot }) {
  const { conversation } = snapshot;
  const stream = `conversation:${conversation.id}`;
  const known = state.versions[stream] ?? -1;
  const fresh = conversation.version >= known;
  const before = state.threads[conversation.id];
  const { messages, more } = joinPages(before, snapshot, fresh);
  const thread = {
    messages,
    more,
    ...agesOf(before, snapshot, fresh),
    notes: union(before?.notes, snapshot.notes, (note) => note.id, byTime),
    facts: union(before?.facts, snapshot.facts, (fact) => fact.version, (a, b) => a.version - b.version),
    timers: snapshot.timers ?? [],
    context: snapshot.context,
    draft: snapshot.draft,
    may: snapshot.may,
    limits: snapshot.limits,
    window: snapshot.window ?? null,
    stale: !fresh,
  };
  return {
    ...state,
    cursor: state.cursor ?? snapshot.cursor,
    versions: { ...state.versions, [stream]: Math.max(known, conversation.version) },
    conversations: fresh || !state.conversations[conversation.id]
      ? { ...state.conversations, [conversation.id]: conversation }
      : state.conversations,
    threads: { ...state.threads, [conversation.id]: thread },
  };
}

export function loadOlder(state, { id, messages, more }) {
  const thread = state.threads[id];
  if (!thread) return state;
  return patchThread(state, id, { messages: union(messages, thread.messages, messageId, byTime), more });
}

/** Forget opened conversations (after a resync: they are read anew when opened). */
export function dropThreads(state, { keep = [] }) {
  const threads = {};
  for (const id of keep) if (state.threads[id]) threads[id] = { ...state.threads[id], stale: true };
  return { ...state, threads };
}

/** `version` of the fact that brought it: an older one may still carry what we never got, and must not undo what is newer. */
export function addMessage(state, id, message, version = 0) {
  const thread = state.threads[id];
  if (!thread) return state;
  const known = thread.messages.some((one) => one.id === message.id);
  if ((known || thread.ages[message.id]) && version <= Math.max(thread.version, thread.ages[message.id] ?? 0)) return state;
  // Older than the page we hold: it comes when that page is asked for.
  const oldest = thread.messages[0];
  if (!known && thread.more && oldest && byTime(message, oldest) < 0) return state;
  const ages = { ...thread.ages, [message.id]: version };
  if (isHidden(message)) return patchThread(state, id, { ages, messages: thread.messages.filter((one) => one.id !== message.id) });
  return patchThread(state, id, { ages, messages: union(thread.messages, [message], messageId, byTime) });
}

export function addNote(state, id, note) {
  const thread = state.threads[id];
  return thread ? patchThread(state, id, { notes: union(thread.notes, [note], (one) => one.id, byTime) }) : state;
}

export function addFact(state, id, fact) {
  const thread = state.threads[id];
  if (!thread) return state;
  const facts = union(thread.facts, [fact], (one) => one.version, (a, b) => a.version - b.version);
  return patchThread(state, id, { facts });
}

/** Something of one message, ahead of what the server says. */
export function patchMessage(state, id, messageId, patch) {
  const thread = state.threads[id];
  if (!thread) return state;
  return patchThread(state, id, { messages: thread.messages.map((one) => (one.id === messageId ? { ...one, ...patch } : one)) });
}

export function patchThread(state, id, patch) {
  const thread = state.threads[id];
  return thread ? { ...state, threads: { ...state.threads, [id]: { ...thread, ...patch } } } : state;
}

/** Older pages stay when the new snapshot touches them; a snapshot the pushes overtook only fills holes. */
function joinPages(before, snapshot, fresh) {
  if (!before) return { messages: snapshot.messages, more: snapshot.more };
  const oldest = snapshot.messages[0]?.id;
  const touches = before.messages.some((message) => message.id === oldest);
  if (!touches && fresh) return { messages: snapshot.messages, more: snapshot.more };
  const messages = fresh
    ? union(before.messages, snapshot.messages, messageId, byTime)
    : union(snapshot.messages, before.messages, messageId, byTime);
  return { messages, more: touches ? before.more : snapshot.more };
}

/** `version`: everything on the screen is at least as new; `ages`: what single messages are besides. */
function agesOf(before, { conversation, messages }, fresh) {
  if (fresh || !before) return { version: conversation.version, ages: {} };
  const held = new Set(before.messages.map(messageId));
  const ages = Object.fromEntries(messages.filter((one) => !held.has(one.id)).map((one) => [one.id, conversation.version]));
  return { version: before.version, ages: { ...ages, ...before.ages } };
}

/** Both lists by key, the second winning, sorted; the same array when nothing changes. */
function union(first = [], second = [], key, order) {
  if (second.length === 0) return first;
  const items = new Map(first.map((item) => [key(item), item]));
  for (const item of second) items.set(key(item), item);
  return [...items.values()].sort(order);
}

function messageId(message) {
  return message.id;
}

function byTime(a, b) {
  return Date.parse(a.at) - Date.parse(b.at) || a.id - b.id;
}
