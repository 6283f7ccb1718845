/** The desk's figures and list, pure: snapshot and summaries in, what to show out. `now` in milliseconds. */

const VIEWS = ["all", "overdue", "queued", "assigned", "bot", "resolved"];
const OPEN = ["bot", "queued", "offered", "assigned", "snoozed"];
const STATES = {
  all: OPEN,
  overdue: OPEN,
  queued: ["queued", "offered"],
  assigned: ["assigned", "snoozed"],
  bot: ["bot"],
  resolved: ["resolved"],
};

// Where clocks run, one may choose between what is due first and the newest.
const CLOCKED = new Set(["all", "queued", "assigned"]);
const NEVER = Number.MAX_SAFE_INTEGER;

/** The filter an address asks for; what makes no sense is left out. */
export function filterOf(search) {
  const asked = new URLSearchParams(search);
  const view = VIEWS.includes(asked.get("view")) ? asked.get("view") : "all";
  const order = asked.get("order") === "newest" ? "newest" : "due";
  return { view, order, sector: asked.get("sector"), queue: asked.get("queue"), owner: Number(asked.get("owner")) || null };
}

/** "due" or "newest" where the person may choose, else null. */
export function orderOf({ view, order }) {
  return CLOCKED.has(view) ? order : null;
}

/** The shortest address of a filter: "" or "?view=queued&queue=…". */
export function searchOf(filter) {
  const asked = new URLSearchParams();
  if (filter.view !== "all") asked.set("view", filter.view);
  for (const name of ["sector", "queue", "owner"]) if (filter[name]) asked.set(name, filter[name]);
  if (orderOf(filter) === "newest") asked.set("order", "newest");
  const text = asked.toString();
  return text && `?${text}`;
}

export function isFiltered(filter) {
  return searchOf({ ...filter, order: "due" }) !== "";
}

export function matches(summary, filter) {
  return (
    STATES[filter.view].includes(summary.state) &&
    (filter.view !== "overdue" || summary.timer?.state === "breached") &&
    (!filter.sector || summary.sector === filter.sector) &&
    (!filter.queue || summary.queue === filter.queue) &&
    (!filter.owner || summary.owner?.id === filter.owner)
  );
}

/** Those that fit, in the order in which their pages come. */
export function listed(conversations, filter) {
  const fitting = Object.values(conversations).filter((summary) => matches(summary, filter));
  return fitting.sort(filter.view === "overdue" || orderOf(filter) === "due" ? byDue : byNewest);
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

function byDue(a, b) {
  return dueAt(a) - dueAt(b) || byNewest(a, b);
}

/** A clock at rest is due at no time that could be said. */
function dueAt({ timer }) {
  return timer?.due_at ? Date.parse(timer.due_at) : NEVER;
}

function byNewest(a, b) {
  return Date.parse(b.last_message_at) - Date.parse(a.last_message_at) || b.id - a.id;
}
