/** The conversations of one's sectors that fit the filters, the most pressing first. */
import { html } from "htm/preact";
import { useState } from "preact/hooks";
import { isFiltered, listed, searchOf } from "../lib/board_state.js";
import { filter, hasMore, listState, readList, readMore, setFilter, summaries } from "../lib/board_feed.js";
import { t } from "../lib/i18n.js";
import { open, reading } from "../lib/board_place.js";
import { BoardRow } from "./board_row.js";
import { Icon } from "./icon.js";

export function ConversationList() {
  const rows = listed(summaries.value, filter.value);
  if (listState.value === "failed") return html`<${Failed} />`;
  if (rows.length === 0) return listState.value === "reading" ? html`<${Reading} />` : html`<${Nothing} />`;
  const follow = (event, id) => {
    if (event.metaKey || event.ctrlKey) return;
    event.preventDefault();
    open(id);
  };
  return html`
    <ul class="board-rows" aria-busy=${listState.value === "reading"}>
      ${rows.map(
        (summary) => html`
          <li key=${summary.id}>
            <a class="board-row" href=${`/desk/${summary.id}${searchOf(filter.value)}`} data-priority=${summary.priority}
              aria-current=${reading.value === summary.id ? "true" : null} onClick=${(event) => follow(event, summary.id)}>
              <${BoardRow} summary=${summary} />
            </a>
          </li>`,
      )}
    </ul>
    ${hasMore() && html`<${More} />`}`;
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
    const clear = () => setFilter({ view: "all", sector: null, queue: null, owner: null });
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
