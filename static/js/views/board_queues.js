/** One line for each queue: how many wait, how long, how urgent, in time or not. */
import { html } from "htm/preact";
import { queueLevel, queueRows } from "../lib/board_state.js";
import { filter, summaries } from "../lib/board_feed.js";
import { countdown } from "../lib/format.js";
import { isolate, locale, number, t } from "../lib/i18n.js";
import { now } from "../lib/time.js";
import { priorityName } from "../lib/words.js";
import { NOTHING } from "./board_filters.js";
import { ListLink } from "./board_link.js";
import { Icon } from "./icon.js";

const NAMED = 3;
const PRIORITIES = ["urgent", "high", "normal", "low"];

export function Queues({ board }) {
  const rows = queueRows(board);
  if (rows.length === 0) return html`<${NoQueues} />`;
  return html`
    <table class="board-queues" role="table">
      <thead role="rowgroup">
        <tr role="row">
          <th role="columnheader" scope="col">${t("Queue")}</th>
          <th role="columnheader" scope="col">${t("Waiting")}</th>
          <th role="columnheader" scope="col">${t("Longest wait")}</th>
          <th role="columnheader" scope="col">${t("By priority")}</th>
          <th role="columnheader" scope="col">${t("Response times")}</th>
          <th role="columnheader" scope="col">${t("Offers out")}</th>
        </tr>
      </thead>
      <tbody role="rowgroup">${rows.map((queue) => html`<${QueueRow} key=${queue.id} queue=${queue} />`)}</tbody>
    </table>`;
}

function QueueRow({ queue }) {
  const wait = queue.longest_wait_since && Math.max(0, now.value - Date.parse(queue.longest_wait_since));
  return html`
    <tr role="row" data-level=${queueLevel(queue)} data-alone=${queue.unserved > 0} data-chosen=${filter.value.queue === queue.id}>
      <th role="rowheader" scope="row"><${QueueName} queue=${queue} /></th>
      <td role="cell" class="board-waiting figure" data-zero=${queue.waiting === 0}>
        <span class="board-cell-name">${t("Waiting")}</span>${number(queue.waiting)}
      </td>
      <td role="cell" class="board-longest figure">
        <span class="board-cell-name">${t("Longest wait")}</span>${wait === null ? html`<span class="quiet board-nothing">–</span>` : countdown(wait)}
      </td>
      <td role="cell"><${Priorities} counts=${queue.by_priority} /></td>
      <td role="cell"><${Answers} sla=${queue.sla} /></td>
      <td role="cell" class="board-offers figure" data-zero=${queue.offers_out === 0}>
        <span class="board-cell-name">${t("Offers out")}</span>${number(queue.offers_out)}
      </td>
    </tr>
    ${queue.unserved > 0 && html`<tr role="row" class="board-alone-row"><td role="cell" colspan="6"><${Alone} queue=${queue} /></td></tr>`}`;
}

/** For those who read conversations the name opens the queue's own list. */
function QueueName({ queue }) {
  const sector = queue.sector_name === queue.name ? null : html`<span class="board-sector">${queue.sector_name}</span>`;
  if (!summaries.value) return html`<span class="board-queue-name">${queue.name}</span>${sector}`;
  const chosen = filter.value.queue === queue.id;
  const wanted = { ...filter.value, queue: chosen ? null : queue.id };
  return html`
    <${ListLink} class="board-queue-name" wanted=${wanted} aria-current=${chosen || null}>${queue.name}<//>${sector}`;
}

/** Some wait for nobody: who could take them, and where a supervisor does it. */
function Alone({ queue }) {
  const words = queue.unserved >= queue.waiting
    ? t("Nobody online for this queue")
    : t.n("Nobody online for {count} who waits here", "Nobody online for {count} who wait here", queue.unserved);
  return html`
    <div class="board-alone" data-tone="due-soon">
      <strong class="chip" data-tone="due-soon"><${Icon} name="alert" />${words}</strong>
      <span>${queue.helpers.length > 0
        ? t("Ask {names} to go online.", { names: anyOf(queue.helpers.map(({ name }) => name)) })
        : t("No advisor has the sector and the skills it asks for.")}</span>
      ${summaries.value && html`<${ListLink} wanted=${{ ...NOTHING, view: "queued", queue: queue.id }}>${t("See who waits, to take over")}<//>`}
    </div>`;
}

/** A few by name; of many the first ones, and how many more. */
function anyOf(names) {
  const more = names.length - NAMED;
  const parts = more > 1 ? [...names.slice(0, NAMED).map(isolate), t.n("{count} more", "{count} more", more)] : names.map(isolate);
  return new Intl.ListFormat(locale, { type: "disjunction" }).format(parts);
}

function Priorities({ counts }) {
  if (PRIORITIES.every((priority) => !counts[priority])) return html`<span class="quiet board-nothing">–</span>`;
  return html`
    <ul class="board-priorities">
      ${PRIORITIES.map(
        (priority) => html`
          <li key=${priority} data-priority=${priority} data-zero=${!counts[priority]} title=${priorityName(priority)}>
            <${Icon} name=${`priority-${priority}`} /><span class="unseen">${priorityName(priority)}: </span>
            <span class="figure">${number(counts[priority] ?? 0)}</span>
          </li>`,
      )}
    </ul>`;
}

function Answers({ sla }) {
  if (sla.ok + sla.due_soon + sla.breached === 0) return html`<span class="quiet board-nothing">–</span>`;
  return html`
    <span class="row row-wrap board-answers">
      ${sla.breached > 0 && html`<span class="chip" data-tone="breached"><${Icon} name="alert" />
        ${t.n("{count} overdue", "{count} overdue", sla.breached)}</span>`}
      ${sla.due_soon > 0 && html`<span class="chip" data-tone="due-soon"><${Icon} name="timer" />
        ${t.n("{count} due soon", "{count} due soon", sla.due_soon)}</span>`}
      ${sla.ok > 0 && html`<span class="chip" data-tone="met"><${Icon} name="check" />
        ${t.n("{count} in time", "{count} in time", sla.ok)}</span>`}
    </span>`;
}

function NoQueues() {
  return html`
    <div class="empty">
      <${Icon} name="queue" />
      <h3>${t("No queue yet")}</h3>
      <p>${t("Queues are named in the organisation folder. Once they are applied, each one gets a line here.")}</p>
    </div>`;
}
