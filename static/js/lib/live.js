/** Keeping the state true: pushes, beats, catching up after silence, reading anew when the gap is too wide. */
import { get } from "./api.js";
import { isBehind } from "./select.js";
import { leavesGap } from "./state_push.js";
import { ask, openSocket } from "./socket.js";
import { dispatch, state } from "./store.js";
import { setServerTime, serverNow } from "./time.js";
import { loadThread, watchAgain } from "./threads.js";

const GAP_WAIT_MS = 300;
const AGAIN_MS = 2000;
// Now and then without a reason: a push lost with nothing after it leaves no gap to see.
const ROUTINE_MS = 60_000;
const listeners = { push: new Set(), board: new Set() };
let gapTimer = null;
let running = null;
let caughtUpAt = 0;

/** Hear every push that was new (`onPush(push)`), or that a board figure changed. → stop hearing */
export function hear(name, listener) {
  listeners[name].add(listener);
  return () => listeners[name].delete(listener);
}

/** `refetch` reads the page's own snapshot again after a resync; the inbox unless told. */
export function goLive({ refetch = refetchInbox } = {}) {
  openSocket({
    connect: () => {
      dispatch({ type: "link", patch: { connected: true, failed: false, beatAt: null } });
      watchAgain();
      catchUp({ refetch });
    },
    disconnect: (reason) => {
      dispatch({ type: "link", patch: { connected: false, failed: true } });
      if (reason === "unauthenticated") dispatchEvent(new CustomEvent("majlis:signed-out"));
    },
    event: (push) => receive(push, refetch),
    beat: (beat) => {
      setServerTime(beat.at);
      dispatch({ type: "link", patch: { beatAt: serverNow(), serverLive: beat.live } });
      if (isBehind(state.value, beat.heads)) catchUp({ refetch, heads: beat.heads });
      else if (Date.now() - caughtUpAt > ROUTINE_MS) catchUp({ refetch, routine: true });
    },
    board: (board) => listeners.board.forEach((listener) => listener(board)),
    typing: ({ conversation_id: id, user }) => dispatch({ type: "typing", id, user, at: serverNow() }),
    signed_out: () => dispatchEvent(new CustomEvent("majlis:signed-out")),
  });
}

function receive(push, refetch) {
  const fresh = push.version > (state.value.versions[push.stream] ?? -1);
  const gap = leavesGap(state.value, push);
  dispatch({ type: "push", push });
  if (fresh) announce(push);
  if (!gap || gapTimer) return;
  // The missing one may only be late; then the catch-up finds nothing new.
  gapTimer = setTimeout(() => {
    gapTimer = null;
    catchUp({ refetch });
  }, GAP_WAIT_MS);
}

/** One at a time; a second call while one runs joins it. */
function catchUp(options) {
  running ??= readFeed(options).finally(() => (running = null));
  return running;
}

async function readFeed({ refetch, heads = {}, routine = false }) {
  if (state.value.cursor === null) return;
  if (!routine) dispatch({ type: "link", patch: { catchingUp: true } });
  try {
    while (state.value.link.connected && !(await readOnce(refetch, heads))) await pause(AGAIN_MS);
  } finally {
    caughtUpAt = Date.now();
    dispatch({ type: "link", patch: { catchingUp: false } });
  }
}

/** → false when it has to be tried again. */
async function readOnce(refetch, heads) {
  const { cursor, versions } = state.value;
  const answer = await ask("catch_up", { cursor });
  if (!answer || answer.error) return false;
  if (answer.resync) {
    try {
      await refetch();
    } catch {
      return false;
    }
    dispatch({ type: "caught_up", cursor: state.value.cursor, events: [], heads, at: serverNow() });
    return true;
  }
  const fresh = answer.events.filter((push) => push.version > (versions[push.stream] ?? -1));
  dispatch({ type: "caught_up", cursor: answer.cursor, events: answer.events, heads: { ...heads, ...answer.heads }, at: serverNow() });
  fresh.forEach(announce);
  return true;
}

async function refetchInbox() {
  const asOf = state.value.versions;
  const snapshot = await get("/api/inbox");
  setServerTime(snapshot.now);
  dispatch({ type: "inbox_loaded", snapshot, asOf });
  const opened = Object.keys(state.value.threads);
  dispatch({ type: "threads_dropped", keep: opened });
  await Promise.all(opened.map((id) => loadThread(Number(id)).catch(() => {})));
}

function announce(push) {
  listeners.push.forEach((listener) => listener(push));
}

function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
