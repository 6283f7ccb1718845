/** The conversations of one's sectors that fit the filters. */
import { html } from "htm/preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { isFiltered, listed, searchOf } from "../lib/board_state.js";
import { filter, hasMore, listState, readList, readMore, setFilter, summaries } from "../lib/board_feed.js";
import { open, reading } from "../lib/board_place.js";
import { t } from "../lib/i18n.js";
import { bindKey } from "../lib/keys.js";
import { Filters, NOTHING } from "./board_filters.js";
import { BoardRow } from "./board_row.js";
import { Icon } from "./icon.js";
import { useSteadyOrder } from "./steady.js";

export function ConversationList() {
  const rows = listed(summaries.value, filter.value);
  const [held, setHeld] = useState(false);
  const box = useRef(null);
  const last = useRef(null);
  // While somebody points at the list or reads from it, rows keep their places and news only announce themselves.
  // Another filter, and what is read for it, is no news.
  const asked = searchOf(filter.value);
  const fresh = last.current !== asked || listState.value === "reading";
  last.current = asked;
  const { shown, news, apply } = useSteadyOrder(rows, !fresh && (held || reading.value !== null), reading.value);
  useEffect(() => {
    const step = (by) => walk(box.current, by);
    const unbind = [
      bindKey("j", () => step(1), { words: t("Next conversation") }),
      bindKey("k", () => step(-1), { words: t("Previous conversation") }),
    ];
    return () => unbind.forEach((undo) => undo());
  }, []);
  return html`
    <header class="desk-list-head">
      <div class="row row-apart">
        <h2 id="desk-conversations">${t("Conversations")}</h2>
        ${news > 0 && html`<button class="board-news" type="button" onClick=${apply}><${Icon} name="plus" />
          ${t.n("{count} new conversation", "{count} new conversations", news)}</button>`}
      </div>
      <${Filters} />
    </header>
    <div class="board-rows-box" ref=${box} onPointerEnter=${() => setHeld(true)} onPointerLeave=${() => setHeld(false)}>
      <${Rows} rows=${shown} />
    </div>`;
}

function Rows({ rows }) {
  if (listState.value === "failed") return html`<${Failed} />`;
  if (rows.length === 0) return listState.value === "reading" ? html`<${Reading} />` : html`<${Nothing} />`;
  const follow = (event, id) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button > 0) return;
    event.preventDefault();
    open(id);
  };
  return html`
    <ul class="board-rows" aria-busy=${listState.value === "reading"}>
      ${rows.map(
        (summary) => html`
          <li key=${summary.id}>
            <a class="board-row" data-id=${summary.id} href=${`/desk/${summary.id}${searchOf(filter.value)}`}
              data-priority=${summary.priority} aria-current=${reading.value === summary.id ? "true" : null}
              onClick=${(event) => follow(event, summary.id)}><${BoardRow} summary=${summary} /></a>
          </li>`,
      )}
    </ul>
    ${hasMore() && html`<${More} />`}`;
}

/** The focus goes to the next row; beside an open conversation that next one is opened. */
function walk(box, by) {
  const links = [...(box?.querySelectorAll(".board-row") ?? [])];
  if (links.length === 0) return;
  const at = links.findIndex((link) => link === document.activeElement || Number(link.dataset.id) === reading.value);
  const next = links[at < 0 ? 0 : Math.min(links.length - 1, Math.max(0, at + by))];
  next.focus();
  if (reading.value) open(Number(next.dataset.id));
}

function More() {
  const [state, setState] = useState("ready");
  const read = () => {
    setState("reading");
    readMore().then(() => setState("ready"), () => setState("failed"));
  };
  return html`
    <div class="board-more">
      ${state === "failed" && html`<p class="wrong" role="alert">${t("The older ones could not be read.")}</p>`}
      <button class="button" type="button" aria-busy=${state === "reading"} onClick=${read}>${t("Show more")}</button>
    </div>`;
}

function Nothing() {
  if (isFiltered(filter.value)) {
    const clear = () => setFilter(NOTHING);
    if (filter.value.view === "overdue") return html`<${NothingLate} clear=${clear} />`;
    return html`
      <div class="empty">
        <${Icon} name="filter" />
        <h3>${t("Nothing fits these filters")}</h3>
        <button class="button" type="button" onClick=${clear}>${t("Clear filters")}</button>
      </div>`;
  }
  return html`
    <div class="empty">
      <${Icon} name="inbox" />
      <h3>${t("All quiet")}</h3>
      <p>${t("When a customer writes to one of your inboxes, the conversation appears here at once.")}</p>
    </div>`;
}

function NothingLate({ clear }) {
  return html`
    <div class="empty">
      <${Icon} name="check" />
      <h3>${t("Nothing is overdue")}</h3>
      <button class="button" type="button" onClick=${clear}>${t("Show all open")}</button>
    </div>`;
}

function Reading() {
  return html`<p class="board-reading-note quiet" role="status">${t("Reading the conversations…")}</p>`;
}

function Failed() {
  return html`
    <div class="empty" role="alert">
      <${Icon} name="offline" />
      <h3>${t("The conversations could not be read")}</h3>
      <p>${t("Nothing is lost. The board goes on; the list comes back with the connection.")}</p>
      <button class="button" type="button" onClick=${readList}>${t("Try again")}</button>
    </div>`;
}
