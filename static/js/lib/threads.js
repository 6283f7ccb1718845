/** Opening and reading one conversation. */
import { command, get } from "./api.js";
import { debounce } from "./dom.js";
import { pickDraft } from "./drafts.js";
import { ask, tell } from "./socket.js";
import { dispatch, state } from "./store.js";

const TYPING_EVERY_MS = 3000;
const FIRST_WAIT_MS = 50;
const LONGEST_WAIT_MS = 5000;
const loading = new Map();
let watched = null;
let typedAt = 0;

/** Shows what is known at once and reads the truth behind it. Rejects with the Problem when it may not be read. */
export function openThread(id) {
  watch(id);
  return loadThread(id);
}

export function closeThread() {
  watch(null);
}

export function loadThread(id) {
  if (!loading.has(id)) loading.set(id, readThread(id).finally(() => loading.delete(id)));
  return loading.get(id);
}

/** True while there are older messages and none is being read. */
export async function loadOlder(id) {
  const thread = state.value.threads[id];
  const oldest = thread?.messages[0];
  if (!thread?.more || !oldest || thread.readingOlder) return;
  dispatch({ type: "thread_marked", id, patch: { readingOlder: true, olderFailed: false } });
  try {
    const { messages, more } = await get(`/api/conversations/${id}/messages?before=${oldest.id}`);
    dispatch({ type: "older_loaded", id, messages, more });
    dispatch({ type: "thread_marked", id, patch: { readingOlder: false } });
  } catch {
    dispatch({ type: "thread_marked", id, patch: { readingOlder: false, olderFailed: true } });
  }
}

export const markRead = debounce(300, (id) => {
  if (!state.value.conversations[id]?.unread) return;
  dispatch({ type: "read", id });
  command(`/api/conversations/${id}/read`, {}, { attempts: 3 }).catch(() => {});
});

export async function addNote(id, text, commandId) {
  const note = await command(`/api/conversations/${id}/notes`, { text }, { commandId, attempts: 4 });
  const thread = state.value.threads[id];
  if (thread && !thread.notes.some((one) => one.id === note.id)) {
    dispatch({ type: "thread_marked", id, patch: { notes: [...thread.notes, note] } });
  }
}

export function tellTyping(id) {
  if (Date.now() - typedAt < TYPING_EVERY_MS) return;
  typedAt = Date.now();
  tell("typing", { conversation_id: id });
}

/** The server forgets what a socket watched when it drops. */
export function watchAgain() {
  if (watched) ask("watch", { conversation_id: watched });
}

/** What was overtaken by a push while it was on its way is read again, until it is true or not looked at. */
async function readThread(id) {
  for (let wait = FIRST_WAIT_MS; ; wait = Math.min(wait * 2, LONGEST_WAIT_MS)) {
    const snapshot = await get(`/api/conversations/${id}`);
    dispatch({ type: "thread_loaded", snapshot: withDraft(snapshot) });
    if (!state.value.threads[id]?.stale || watched !== id) return snapshot;
    await new Promise((resolve) => setTimeout(resolve, wait));
  }
}

export function withDraft(snapshot) {
  return { ...snapshot, draft: pickDraft(snapshot.conversation.id, snapshot.draft) };
}

function watch(id) {
  if (watched === id) return;
  if (watched) ask("unwatch", { conversation_id: watched });
  watched = id;
  watchAgain();
}
