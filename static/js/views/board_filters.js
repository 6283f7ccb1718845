/** Which conversations the desk lists; every choice is an address one can keep. */
import { html } from "htm/preact";
import { isFiltered, orderOf } from "../lib/board_state.js";
import { board, filter, setFilter } from "../lib/board_feed.js";
import { t } from "../lib/i18n.js";
import { me } from "../lib/store.js";
import { Icon } from "./icon.js";

export const NOTHING = { view: "all", order: "due", sector: null, queue: null, owner: null };

export function Filters() {
  const { sector } = filter.value;
  const inSector = (thing) => !sector || thing.sector === sector || thing.sectors?.includes(sector);
  const queues = board.value.queues.filter(inSector);
  const advisors = board.value.advisors.filter(inSector);
  const { sectors } = me.value;
  return html`
    <form class="board-filters" data-odd=${(sectors.length > 1) !== (orderOf(filter.value) === null)} aria-label=${t("Filters")} onSubmit=${(event) => event.preventDefault()}>
      <${Choice} name="view" words=${t("State")} none=${null} options=${views()} />
      ${orderOf(filter.value) && html`<${Choice} name="order" words=${t("Sort by")} none=${null} options=${orders()} />`}
      ${sectors.length > 1 && html`<${Choice} name="sector" words=${t("Sector")} none=${t("All sectors")}
        options=${sectors.map(({ id, name }) => [id, name])} also=${{ queue: null, owner: null }} />`}
      <${Choice} name="queue" words=${t("Queue")} none=${t("All queues")} options=${queues.map(({ id, name }) => [id, name])} />
      <${Choice} name="owner" words=${t("Advisor")} none=${t("All advisors")}
        options=${advisors.map(({ id, name }) => [id, name])} />
      ${isFiltered(filter.value) && html`
        <button class="button button-quiet" type="button" onClick=${() => setFilter(NOTHING)}>
          <${Icon} name="close" />${t("Clear filters")}</button>`}
    </form>`;
}

function Choice({ name, words, none, options, also = {} }) {
  const chosen = filter.value[name] ?? "";
  const plain = ["", "all", "due"].includes(chosen);
  const change = (event) => setFilter({ ...also, [name]: read(name, event.target.value) });
  return html`
    <label class="board-filter" data-chosen=${!plain}>
      <span class="unseen">${words}</span>
      <select class="input" name=${name} value=${chosen} onChange=${change}>
        ${none && html`<option value="">${none}</option>`}
        ${options.map(([id, label]) => html`<option key=${id} value=${id} selected=${String(id) === String(chosen)}>${label}</option>`)}
      </select>
    </label>`;
}

function read(name, value) {
  if (value === "") return null;
  return name === "owner" ? Number(value) : value;
}

function views() {
  return [
    ["all", t("All open")],
    ["overdue", t("Overdue")],
    ["queued", t("Waiting")],
    ["assigned", t("With advisors")],
    ["bot", t("With the bot")],
    ["resolved", t("Resolved")],
  ];
}

function orders() {
  return [
    ["due", t("Due first")],
    ["newest", t("Newest first")],
  ];
}
