/** What was typed and not sent: kept here at every key, on the server a moment later. */
import { signal } from "@preact/signals";
import { put } from "./api.js";
import { debounce, recall, remember } from "./dom.js";

const SAVE_AFTER_MS = 800;
// So long a snapshot may be under way that was read before the draft was saved.
const SETTLED_MS = 15_000;
const savers = new Map();
let owner = 0;

/** Conversation → draft text, for the rows of the list. */
export const drafts = signal({});

export function openDrafts(userId) {
  owner = userId;
  const found = {};
  const prefix = key("");
  for (const name of storedKeys()) {
    if (name.startsWith(prefix)) found[name.slice(prefix.length)] = recall(name)?.text ?? "";
  }
  drafts.value = found;
  addEventListener("pagehide", () => savers.forEach((save) => save.now()));
  // What another tab of this browser writes or sends.
  addEventListener("storage", ({ key: name, newValue }) => {
    if (name?.startsWith(prefix)) show(name.slice(prefix.length), newValue ? (JSON.parse(newValue).text ?? "") : "");
  });
}

/** Ours when the server never got it, else the server's: it may have been written or sent on another device. */
export function pickDraft(conversationId, serverText) {
  const local = recall(key(conversationId));
  const settled = local?.saved && Date.now() - local.saved > SETTLED_MS;
  if (local && !settled) return local.text;
  if (local && !serverText) forget(conversationId);
  return serverText ?? "";
}

export function keepDraft(conversationId, text) {
  remember(key(conversationId), text ? { text, saved: false } : null);
  show(conversationId, text);
  saver(conversationId)(text);
}

/** The text became a reply; `saveDraft` of the empty text follows at once. */
export function clearDraft(conversationId) {
  saver(conversationId).cancel();
  forget(conversationId);
  save(conversationId, "");
}

function saver(conversationId) {
  if (!savers.has(conversationId)) savers.set(conversationId, debounce(SAVE_AFTER_MS, (text) => save(conversationId, text)));
  return savers.get(conversationId);
}

async function save(conversationId, text) {
  try {
    await put(`/api/conversations/${conversationId}/draft`, { text });
    const local = recall(key(conversationId));
    if (local?.text === text && text) remember(key(conversationId), { text, saved: Date.now() });
  } catch {
    // It stays in this browser and is saved with the next key.
  }
}

function forget(conversationId) {
  remember(key(conversationId), null);
  show(conversationId, "");
}

function show(conversationId, text) {
  const { [conversationId]: _old, ...rest } = drafts.value;
  drafts.value = text ? { ...rest, [conversationId]: text } : rest;
}

function key(conversationId) {
  return `majlis:draft:${owner}:${conversationId}`;
}

function storedKeys() {
  try {
    return Object.keys(localStorage);
  } catch {
    return [];
  }
}
