/** The desk's figures and list, pure: snapshot and summaries in, what to show out. `now` in milliseconds. */
import { byUrgency } from "./select.js";

export const VIEWS = ["all", "queued", "assigned", "bot", "resolved"];
const STATES = {
  all: ["bot", "queued", "offered", "assigned", "snoozed"],
  queued: ["queued", "offered"],
  assigned: ["assigned", "snoozed"],
  bot: ["bot"],
  resolved: ["resolved"],
};

const PRESSING = new Set(["queued", "assigned"]);

/** The filter an address asks for; what makes no sense is left out. */
export function filterOf(search) {
  const asked = new URLSearchParams(search);
  const view = VIEWS.includes(asked.get("view")) ? asked.get("view") : "all";
  return { view, sector: asked.get("sector"), queue: asked.get("queue"), owner: Number(asked.get("owner")) || null };
}

/** The shortest address of a filter: "" or "?view=queued&queue=…". */
export function searchOf(filter) {
  const asked = new URLSearchParams();
  if (filter.view !== "all") asked.set("view", filter.view);
  for (const name of ["sector", "queue", "owner"]) if (filter[name]) asked.set(name, filter[name]);
  const text = asked.toString();
  return text && `?${text}`;
}

export function isFiltered(filter) {
  return searchOf(filter) !== "";
}

export function matches(summary, filter) {
  return (
    STATES[filter.view].includes(summary.state) &&
    (!filter.sector || summary.sector === filter.sector) &&
    (!filter.queue || summary.queue === filter.queue) &&
    (!filter.owner || summary.owner?.id === filter.owner)
  );
}

/** Those that fit. Where people owe an answer the most pressing comes first, else the newest, as the pages come. */
export function listed(conversations, filter) {
  const fitting = Object.values(conversations).filter((summary) => matches(summary, filter));
  return fitting.sort(PRESSING.has(filter.view) ? byUrgency : byNewest);
}

/** Newer versions win, so a late answer never undoes a push. */
export function merge(known, summaries) {
  const fresh = summaries.filter((summary) => (known[summary.id]?.version ?? -1) < summary.version);
  if (fresh.length === 0) return known;
  return { ...known, ...Object.fromEntries(fresh.map((summary) => [summary.id, summary])) };
}

/** How loudly a queue speaks: "breached", "due-soon", "waiting" or "calm". */
export function queueLevel(queue) {
  if (queue.sla.breached > 0) return "breached";
  if (queue.sla.due_soon > 0) return "due-soon";
  return queue.waiting > 0 ? "waiting" : "calm";
}

/** Queues in an order that does not move under the eye: by sector, then name. */
export function queueRows(board) {
  return [...board.queues].sort((a, b) => a.sector_name.localeCompare(b.sector_name) || a.name.localeCompare(b.name));
}

const PRESENCE_ORDER = ["online", "wrap_up", "away", "offline"];

/** Who can take work first; within one presence by name. */
export function advisorRows(board) {
  const place = (advisor) => PRESENCE_ORDER.indexOf(advisor.presence);
  return [...board.advisors].sort((a, b) => place(a) - place(b) || a.name.localeCompare(b.name));
}

export function overall(board) {
  const waits = board.queues.map((queue) => queue.longest_wait_since).filter(Boolean).sort();
  const sum = (pick) => board.queues.reduce((total, queue) => total + pick(queue), 0);
  const online = board.advisors.filter((advisor) => advisor.presence === "online");
  return {
    longestSince: waits[0] ?? null,
    breached: sum((queue) => queue.sla.breached),
    dueSoon: sum((queue) => queue.sla.due_soon),
    online: online.length,
    freePlaces: online.reduce((total, one) => total + Math.max(0, one.capacity - one.load - one.offers), 0),
  };
}

function byNewest(a, b) {
  return Date.parse(b.last_message_at) - Date.parse(a.last_message_at) || b.id - a.id;
}
