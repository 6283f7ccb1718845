/** The five figures a supervisor reads from across the room. */
import { html } from "htm/preact";
import { summaries } from "../lib/board_feed.js";
import { overall } from "../lib/board_state.js";
import { countdown } from "../lib/format.js";
import { number, t } from "../lib/i18n.js";
import { now } from "../lib/time.js";
import { NOTHING } from "./board_filters.js";
import { ListLink } from "./board_link.js";
import { Icon } from "./icon.js";

export function Totals({ board }) {
  const { totals } = board;
  const all = overall(board);
  // Whoever is being offered waits too.
  const waiting = totals.queued + totals.offered;
  const nobody = all.online === 0 && waiting > 0;
  const longest = all.longestSince && countdown(Math.max(0, now.value - Date.parse(all.longestSince)));
  return html`
    <dl class="board-totals">
      <${Figure} name=${t("Waiting")} value=${waiting} more=${waiting > 0 && longest && t("longest {time}", { time: longest })} />
      <${Figure} name=${t("Overdue")} value=${all.breached} view="overdue" tone=${all.breached > 0 ? "breached" : null}
        more=${all.dueSoon > 0 && t.n("{count} due soon", "{count} due soon", all.dueSoon)} />
      <${Figure} name=${t("Being offered")} value=${totals.offered} />
      <${Figure} name=${t("With advisors")} value=${totals.assigned}
        moreTone=${nobody ? "due-soon" : null}
        more=${nobody ? t("nobody is online") : t.n("{count} free place", "{count} free places", all.freePlaces)} />
      <${Figure} name=${t("With the bot")} value=${totals.bot} />
    </dl>`;
}

/** With a view the figure opens the rows behind it, for those who may read them. */
function Figure({ name, value, more, tone, moreTone, view }) {
  const opens = view && value > 0 && summaries.value;
  return html`
    <div class="board-figure" data-tone=${tone} data-zero=${value === 0}>
      <dt>${opens ? html`<${ListLink} wanted=${{ ...NOTHING, view }}>${name}<//>` : name}</dt>
      <dd class="figure">${number(value)}</dd>
      <dd class="board-figure-more">${moreTone ? html`<span class="chip" data-tone=${moreTone}><${Icon} name="alert" />${more}</span>` : more || ""}</dd>
    </div>`;
}
