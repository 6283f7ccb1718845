/** A thread as it is read: day breaks, runs of one writer, notes and facts in their place. Pure. */
import { isLine } from "./kinds.js";

// Letting go is news by itself only when nothing else says where the conversation went.
const TOLD_MS = 2000;
const RUN_GAP_MS = 5 * 60_000;

/** → [{type: "day"|"message"|"pending"|"note"|"fact", key, …}]; `first`/`last` mark the ends of a run. */
export function timeline(thread, pending = []) {
  const from = thread.more && thread.messages.length ? Date.parse(thread.messages[0].at) : -Infinity;
  const items = [
    ...thread.messages.map((message) => ({ type: "message", key: `m${message.id}`, at: message.at, message })),
    ...thread.notes.map((note) => ({ type: "note", key: `n${note.id}`, at: note.at, note })),
    ...thread.facts.filter(tellsMore).map((fact) => ({ type: "fact", key: `f${fact.version}`, at: fact.at, fact })),
  ].filter((item) => item.type === "message" || Date.parse(item.at) >= from);
  items.sort((a, b) => Date.parse(a.at) - Date.parse(b.at) || rank(a) - rank(b) || number(a) - number(b));
  const waiting = pending
    .filter((entry) => !entry.echo)
    .map((entry) => ({ type: "pending", key: `p${entry.command_id}`, at: entry.at, entry }));
  return withRuns(withDays([...items, ...waiting]));
}

/** The last time the customer wrote and nobody has answered since: where "new" begins. */
export function firstUnread(messages, unread) {
  if (unread <= 0) return null;
  const inbound = messages.filter((message) => message.direction === "inbound");
  return inbound[Math.max(0, inbound.length - unread)]?.id ?? null;
}

function tellsMore(fact, _index, facts) {
  // That the offer ended says it.
  if (fact.kind === "ConversationQueued" && fact.data?.reason === "offer_expired") return false;
  const near = (other) => other.kind !== fact.kind && Math.abs(Date.parse(other.at) - Date.parse(fact.at)) < TOLD_MS;
  return fact.kind !== "ConversationReleased" || !facts.some(near);
}

function withDays(items) {
  const out = [];
  let day = "";
  for (const item of items) {
    const here = new Date(item.at).toDateString();
    if (here !== day) out.push({ type: "day", key: `d${here}`, at: item.at });
    day = here;
    out.push(item);
  }
  return out;
}

function withRuns(items) {
  return items.map((item, index) => {
    const who = writer(item);
    if (!who) return item;
    const first = !joins(items[index - 1], item, who);
    const last = !(items[index + 1] && joins(item, items[index + 1], writer(items[index + 1]), who));
    return { ...item, first, last };
  });
}

function joins(before, item, who, same = who) {
  return Boolean(before) && writer(before) === who && who === same && Date.parse(item.at) - Date.parse(before.at) < RUN_GAP_MS;
}

function writer(item) {
  if (item.type === "pending") return "advisor:me";
  if (item.type !== "message" || isLine(item.message)) return null;
  return `${item.message.author}:${item.message.author_name ?? ""}`;
}

function rank(item) {
  return { fact: 0, message: 1, note: 2 }[item.type];
}

function number(item) {
  return item.message?.id ?? item.note?.id ?? item.fact?.version;
}
