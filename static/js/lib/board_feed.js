/** The desk kept true: figures read again when the server says they moved, the list moved by pushes. */
import { batch, signal } from "@preact/signals";
import { get } from "./api.js";
import { filterOf, merge, orderOf, searchOf } from "./board_state.js";
import { hear } from "./live.js";
import { dispatch, state } from "./store.js";
import { loadThread } from "./threads.js";
import { setServerTime } from "./time.js";

// At most one reading a second; and one now and then, should a word from the server have been lost.
const EVERY_MS = 1000;
const NET_MS = 30_000;

export const board = signal(null);
/** The last reading failed: the figures are those of `board.as_of`. */
export const stale = signal(false);
export const filter = signal(filterOf(location.search));
/** Conversation → summary, all that this page has seen; null for people who read no conversations. */
export const summaries = signal(null);
/** → "reading", "ready" or "failed" */
export const listState = signal("ready");
const next = signal(null);
export const hasMore = () => next.value !== null;

let readAt = 0;
let timer = null;
let asked = 0;

/** `data`: {board, conversations: {conversations, next} | null} as the page brought it. */
export function startBoard(data) {
  takeBoard(data.board);
  if (data.conversations) {
    summaries.value = merge({}, data.conversations.conversations);
    next.value = data.conversations.next;
  }
  hear("board", readBoardSoon);
  hear("push", takePush);
  setInterval(readBoardSoon, NET_MS);
  addEventListener("popstate", () => show(filterOf(location.search)));
  document.addEventListener("visibilitychange", readBoardSoon);
}

/** Everything anew: after a resync. */
export async function readAll() {
  const asOf = state.value.versions;
  const inbox = await get("/api/inbox");
  dispatch({ type: "inbox_loaded", snapshot: inbox, asOf });
  const opened = Object.keys(state.value.threads);
  dispatch({ type: "threads_dropped", keep: opened });
  await Promise.all([readBoard(), summaries.value && readList(), ...opened.map((id) => loadThread(Number(id)))]);
}

export function setFilter(patch) {
  const wanted = { ...filter.value, ...patch };
  history.pushState({ inside: true }, "", location.pathname + searchOf(wanted));
  show(wanted);
}

export async function readMore() {
  const { conversations, next: following } = await get(listPath(next.value));
  takeList(conversations, following);
}

/** A summary an act of ours changed, before its push comes. */
function takeSummary(summary) {
  if (summaries.value) summaries.value = merge(summaries.value, [summary]);
}

function show(wanted) {
  if (searchOf(wanted) === searchOf(filter.value)) return;
  filter.value = wanted;
  if (summaries.value) readList();
}

export async function readList() {
  const mine = (asked += 1);
  listState.value = "reading";
  try {
    const { conversations, next: following } = await get(listPath(null));
    if (mine !== asked) return;
    takeList(conversations, following);
    listState.value = "ready";
  } catch {
    if (mine === asked) listState.value = "failed";
  }
}

function takeList(conversations, following) {
  batch(() => {
    summaries.value = merge(summaries.value, conversations);
    next.value = following;
  });
}

function listPath(before) {
  const { view, sector, queue, owner } = filter.value;
  const wanted = Object.entries({ view, sector, queue, owner, order: orderOf(filter.value), before }).filter(([, value]) => value);
  return `/api/desk/conversations?${new URLSearchParams(wanted)}`;
}

function takePush(push) {
  if (push.conversation) takeSummary(push.conversation);
}

function readBoardSoon() {
  if (document.hidden || timer) return;
  const wait = Math.max(0, readAt + EVERY_MS - Date.now());
  timer = setTimeout(() => readBoard().finally(() => (timer = null)), wait);
}

async function readBoard() {
  readAt = Date.now();
  try {
    takeBoard(await get("/api/board"));
  } catch {
    stale.value = true;
  }
}

function takeBoard(snapshot) {
  setServerTime(snapshot.as_of);
  batch(() => {
    board.value = snapshot;
    stale.value = false;
  });
}
