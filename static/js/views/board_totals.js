/** The five figures a supervisor reads from across the room. */
import { html } from "htm/preact";
import { overall } from "../lib/board_state.js";
import { countdown } from "../lib/format.js";
import { number, t } from "../lib/i18n.js";
import { now } from "../lib/time.js";
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
      <${Figure} name=${t("Overdue")} value=${all.breached} tone=${all.breached > 0 ? "breached" : null}
        more=${all.dueSoon > 0 && t.n("{count} due soon", "{count} due soon", all.dueSoon)} />
      <${Figure} name=${t("Being offered")} value=${totals.offered} />
      <${Figure} name=${t("With advisors")} value=${totals.assigned}
        moreTone=${nobody ? "due-soon" : null}
        more=${nobody ? t("nobody is online") : t.n("{count} free place", "{count} free places", all.freePlaces)} />
      <${Figure} name=${t("With the bot")} value=${totals.bot} />
    </dl>`;
}

function Figure({ name, value, more, tone, moreTone }) {
  return html`
    <div class="board-figure" data-tone=${tone} data-zero=${value === 0}>
      <dt>${name}</dt>
      <dd class="figure">${number(value)}</dd>
      <dd class="board-figure-more">${moreTone ? html`<span class="chip" data-tone=${moreTone}><${Icon} name="alert" />${more}</span>` : more || ""}</dd>
    </div>`;
}
