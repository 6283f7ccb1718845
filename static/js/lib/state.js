/**
 * The console's memory: one pure function, (state, event) → state. No DOM, no clock, no network.
 * A snapshot followed by its events must equal a fresh snapshot (tests/console/test_reducer.py).
 */
import { without } from "./paths.js";
import { applyPush } from "./state_push.js";
import { dropThreads, loadOlder, loadThread, patchMessage, patchThread } from "./state_threads.js";
import * as sends from "./state_sends.js";

export const initial = Object.freeze({
  me: null,
  // Catch-up starts here; only a snapshot or a finished catch-up moves it.
  cursor: null,
  // Stream → newest version applied.
  versions: {},
  // Sector → newest event id seen, or confirmed as "nothing for us" by a catch-up.
  heads: {},
  conversations: {},
  offers: [],
  threads: {},
  // Conversation → replies this browser wrote that the server has not confirmed yet.
  pending: {},
  // Conversation → an act announced with "Undo", not sent yet.
  leaving: {},
  // Conversation → colleague writing there.
  typing: {},
  link: { connected: false, failed: false, catchingUp: false, beatAt: null, serverLive: true },
});

const handlers = {
  inbox_loaded: loadInbox,
  thread_loaded: loadThread,
  older_loaded: loadOlder,
  threads_dropped: dropThreads,
  thread_marked: (state, { id, patch }) => patchThread(state, id, patch),
  message_marked: (state, { id, messageId, patch }) => patchMessage(state, id, messageId, patch),
  push: (state, { push }) => applyPush(state, push),
  caught_up: catchUp,
  read: markRead,
  offer_taken: (state, { summary }) => ({ ...state, conversations: { ...state.conversations, [summary.id]: summary } }),
  offer_gone: (state, { id }) => ({ ...state, offers: state.offers.filter((offer) => offer.id !== id) }),
  me_changed: (state, { patch }) => ({ ...state, me: { ...state.me, ...patch } }),
  leaving: (state, { id, act }) => ({ ...state, leaving: { ...state.leaving, [id]: act } }),
  stayed: (state, { id }) => ({ ...state, leaving: without(state.leaving, id) }),
  typing: (state, { id, user, at }) => ({ ...state, typing: { ...state.typing, [id]: { name: user.name, at } } }),
  link: (state, { patch }) => ({ ...state, link: { ...state.link, ...patch } }),
  reply_written: sends.write,
  reply_waiting: sends.wait,
  reply_taken: sends.take,
  reply_refused: sends.refuse,
  reply_released: sends.release,
  reply_dropped: sends.drop,
};

export function reduce(state, event) {
  const handler = handlers[event.type];
  if (!handler) throw new Error(`unknown event ${event.type}`);
  return handler(state, event);
}

/** `asOf` holds the versions known when the request left: what moved meanwhile is newer than the answer. */
function loadInbox(state, { snapshot, asOf = state.versions }) {
  const conversations = {};
  const versions = { ...state.versions };
  for (const summary of snapshot.conversations) {
    const stream = `conversation:${summary.id}`;
    const known = versions[stream] ?? -1;
    conversations[summary.id] = known > summary.version ? state.conversations[summary.id] ?? summary : summary;
    versions[stream] = Math.max(known, summary.version);
  }
  for (const [id, summary] of Object.entries(state.conversations)) {
    const stream = `conversation:${id}`;
    const movedSince = versions[stream] !== asOf[stream];
    if (!conversations[id] && (movedSince || state.threads[id])) conversations[id] = summary;
  }
  return { ...state, me: snapshot.me, cursor: snapshot.cursor, offers: snapshot.offers, conversations, versions };
}

function catchUp(state, { cursor, events, heads = {}, at = null }) {
  const caught = events.reduce(applyPush, state);
  const confirmed = { ...caught.heads };
  for (const [sector, head] of Object.entries(heads)) confirmed[sector] = Math.max(confirmed[sector] ?? 0, head);
  const link = { ...caught.link, beatAt: at ?? caught.link.beatAt };
  return { ...caught, cursor, heads: confirmed, link };
}

function markRead(state, { id }) {
  const summary = state.conversations[id];
  if (!summary || summary.unread === 0) return state;
  return { ...state, conversations: { ...state.conversations, [id]: { ...summary, unread: 0 } } };
}
