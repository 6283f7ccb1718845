/** The people: who is here, since when, and how much each one holds. */
import { html } from "htm/preact";
import { advisorRows } from "../lib/board_state.js";
import { filter, setFilter, summaries } from "../lib/board_feed.js";
import { countdown } from "../lib/format.js";
import { number, t } from "../lib/i18n.js";
import { now } from "../lib/time.js";
import { presenceName } from "../lib/words.js";
import { Icon } from "./icon.js";

// Beyond this many places, dots no longer count at a glance: a bar does.
const DOTS = 8;

export function Advisors({ board }) {
  const rows = advisorRows(board);
  if (rows.length === 0) {
    return html`
      <div class="empty">
        <${Icon} name="people" />
        <h3>${t("No advisor in your sectors")}</h3>
        <p>${t("People and their sectors are named in the organisation folder.")}</p>
      </div>`;
  }
  return html`
    <ul class="board-advisors">
      ${rows.map((advisor) => html`<${Advisor} key=${advisor.id} advisor=${advisor} />`)}
    </ul>`;
}

function Advisor({ advisor }) {
  const since = Math.max(0, now.value - Date.parse(advisor.presence_since));
  const inside = html`
    <span class="presence-mark" data-presence=${advisor.presence}></span>
    <span class="board-advisor-words">
      <span class="strong cut" dir="auto" title=${advisor.name}>${advisor.name}</span>
      <span class="quiet small">${presenceName(advisor.presence)} · <span class="figure">${countdown(since)}</span></span>
    </span>
    <${Load} advisor=${advisor} />`;
  const attributes = { class: "board-advisor", "data-presence": advisor.presence };
  if (!summaries.value) return html`<li><div ...${attributes}>${inside}</div></li>`;
  const chosen = filter.value.owner === advisor.id;
  return html`
    <li><button ...${attributes} type="button" aria-pressed=${chosen}
      onClick=${() => setFilter({ owner: chosen ? null : advisor.id })}>${inside}</button></li>`;
}

function Load({ advisor }) {
  const { load, capacity, offers } = advisor;
  return html`
    <span class="board-load" data-full=${load >= capacity}>
      <span class="board-load-words figure">${t("{load} of {capacity}", { load: number(load), capacity: number(capacity) })}
        ${offers > 0 && html`<span class="board-load-offers">${t.n("{count} offer", "{count} offers", offers)}</span>`}
      </span>
      ${capacity <= DOTS && load <= DOTS ? html`<${Dots} ...${advisor} />` : html`<${Bar} ...${advisor} />`}
    </span>`;
}

function Dots({ load, capacity, offers }) {
  const kind = (place) => (place < load ? (place < capacity ? "held" : "over") : place < load + offers ? "offered" : "free");
  const places = Math.max(capacity, load + offers);
  return html`
    <span class="board-dots" aria-hidden="true">
      ${Array.from({ length: places }, (_, place) => html`<span key=${place} data-place=${kind(place)}></span>`)}
    </span>`;
}

function Bar({ load, capacity }) {
  const fill = (element) => element?.style.setProperty("--share", Math.min(1, load / Math.max(1, capacity)));
  return html`<span class="board-bar" aria-hidden="true" ref=${fill}></span>`;
}
