/** One pushed fact into the state. Late, doubled and disordered pushes are harmless. */
import { isMine } from "./select.js";
import { addFact, addMessage, addNote, patchThread } from "./state_threads.js";
import { matchEcho } from "./state_sends.js";

// What is known of the customer, and what they allow: only the server can say it whole.
const OF_THE_CUSTOMER = new Set(["ContactLabelled", "ContactUnlabelled", "ContactChanged", "IdentityChanged", "ContactsMerged",
  "ContactsSeparated", "MarketingStopped", "MarketingResumed"]);
const OFFER_ENDED = new Set(["OfferAccepted", "OfferDeclined", "OfferExpired", "OfferWithdrawn"]);

export function applyPush(state, push) {
  const known = state.versions[push.stream] ?? -1;
  const newer = push.version > known;
  let next = noteHead(state, push);
  if (newer) next = { ...next, versions: { ...next.versions, [push.stream]: push.version } };
  next = mergeThread(next, push);
  if (!newer) return next;
  next = mergeSummary(next, push);
  next = mergeOffers(next, push);
  return mergeMe(next, push);
}

/** True when a version of a conversation we hold was skipped: a push was lost or is late. */
export function leavesGap(state, push) {
  const known = state.versions[push.stream];
  const held = state.threads[push.conversation_id] || isMine(state, state.conversations[push.conversation_id]);
  return Boolean(held) && known !== undefined && push.version > known + 1;
}

function noteHead(state, push) {
  const sector = push.conversation?.sector;
  if (!sector || (state.heads[sector] ?? 0) >= push.id) return state;
  return { ...state, heads: { ...state.heads, [sector]: push.id } };
}

function mergeThread(state, push) {
  const id = push.conversation_id;
  let next = state;
  if (push.message) {
    next = addMessage(next, id, push.message, push.version);
    next = matchEcho(next, push);
  }
  if (push.note) next = addNote(next, id, push.note);
  if (push.fact) next = addFact(next, id, push.fact);
  if (OF_THE_CUSTOMER.has(push.kind)) next = patchThread(next, id, { stale: true });
  return next;
}

function mergeSummary(state, push) {
  const summary = push.conversation;
  if (!summary) return state;
  const before = state.conversations[summary.id];
  if (!before && !state.threads[summary.id] && !isMine(state, summary)) return state;
  const next = { ...state, conversations: { ...state.conversations, [summary.id]: summary } };
  const thread = next.threads[summary.id];
  // What this person may do follows from owner and state, and only the server decides it.
  const moved = before && (before.state !== summary.state || before.owner?.id !== summary.owner?.id);
  if (!thread || !moved) return next;
  return { ...next, threads: { ...next.threads, [summary.id]: { ...thread, stale: true } } };
}

function mergeOffers(state, push) {
  if (push.kind === "OfferMade" && push.offer) {
    return { ...state, offers: [...state.offers.filter((offer) => offer.id !== push.offer.id), push.offer] };
  }
  if (!OFFER_ENDED.has(push.kind)) return state;
  return { ...state, offers: state.offers.filter((offer) => offer.id !== push.data.offer_id) };
}

function mergeMe(state, push) {
  if (push.kind !== "PresenceChanged" || push.stream !== `user:${state.me?.id}`) return state;
  const { presence, reason = "" } = push.data;
  return { ...state, me: { ...state.me, presence, presence_reason: reason } };
}
