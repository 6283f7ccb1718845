/** The desk: the board, the list beside it, and the conversation one reads. */
import { html } from "htm/preact";
import { useLayoutEffect } from "preact/hooks";
import { board, stale, summaries } from "../lib/board_feed.js";
import { close, reading } from "../lib/board_place.js";
import { overall } from "../lib/board_state.js";
import { isTyping } from "../lib/dom.js";
import { exactTime, number, t } from "../lib/i18n.js";
import { bindKey } from "../lib/keys.js";
import { light } from "../lib/select.js";
import { state } from "../lib/store.js";
import { now } from "../lib/time.js";
import { Advisors } from "./board_advisors.js";
import { ConversationList } from "./board_list.js";
import { closeDrawer } from "./context_panel.js";
import { Icon } from "./icon.js";
import { keysShown } from "./keys_dialog.js";
import { Queues } from "./board_queues.js";
import { ReadingPane } from "./board_reading.js";
import { Totals } from "./board_totals.js";

export function Desk() {
  const figures = board.value;
  useLayoutEffect(() => {
    const unbind = [
      bindKey("escape", escape, { words: t("Close, go back"), whileTyping: true }),
      bindKey("?", () => (keysShown.value = true), { words: t("Show the keys") }),
    ];
    return () => unbind.forEach((undo) => undo());
  }, []);
  return html`
    <div class="desk-board" tabindex="0" role="region" aria-label=${t("Desk")} inert=${reading.value !== null}>
      <header class="desk-head">
        <h1>${t("Desk")}</h1>
        <${AsOf} at=${figures.as_of} />
      </header>
      <${Totals} board=${figures} />
      <section aria-labelledby="desk-queues">
        <h2 class="desk-title" id="desk-queues">${t("Queues")}</h2>
        <${Queues} board=${figures} />
      </section>
      <section aria-labelledby="desk-advisors">
        <h2 class="desk-title" id="desk-advisors">${t("Advisors")}
          <span class="quiet"> · ${t("{count} online", { count: number(overall(figures).online) })}</span></h2>
        <${Advisors} board=${figures} />
      </section>
    </div>
    ${summaries.value && html`
      <section class="desk-list" aria-labelledby="desk-conversations">
        <${ConversationList} />
      </section>`}
    ${reading.value && html`<${ReadingPane} key=${reading.value} id=${reading.value} />`}`;
}

/** Esc undoes the last opening: the drawer, then the writing, then the conversation. */
function escape() {
  if (reading.value === null) return false;
  if (closeDrawer()) return true;
  if (isTyping()) {
    document.activeElement.blur();
    return true;
  }
  const id = reading.value;
  close();
  requestAnimationFrame(() => document.querySelector(`.board-row[data-id="${id}"]`)?.focus());
  return true;
}

/** Says since when the figures hold, and says it loudly when they may be old. */
function AsOf({ at }) {
  const lamp = light(state.value.link, now.value);
  const old = stale.value || lamp === "offline";
  const time = exactTime(at);
  if (old) {
    return html`
      <p class="desk-as-of chip" data-tone="breached" role="status">
        <${Icon} name="offline" />${t("Figures of {time}, not updated since", { time })}</p>`;
  }
  return html`<p class="desk-as-of quiet small">${t("As of {time}", { time })}</p>`;
}
