/** A conversation beside the board, read as it happens; from here one takes it over or gives it to somebody. */
import { html } from "htm/preact";
import { useEffect, useRef } from "preact/hooks";
import { filter } from "../lib/board_feed.js";
import { close, open } from "../lib/board_place.js";
import { searchOf } from "../lib/board_state.js";
import { t } from "../lib/i18n.js";
import { state } from "../lib/store.js";
import { contextOpen, ContextPanel } from "./context_panel.js";
import { Thread } from "./thread.js";

// Below this the details leave the thread little room, so they begin closed.
const ROOMY = matchMedia("(min-width: 1500px)");

export function ReadingPane({ id }) {
  const pane = useRef(null);
  const summary = state.value.conversations[id];
  const thread = state.value.threads[id];
  useEffect(() => {
    if (!ROOMY.matches) contextOpen.value = false;
    pane.current.focus({ preventScroll: true });
  }, []);
  const openOther = (event, other) => {
    event.preventDefault();
    open(other);
  };
  return html`
    <section class="panes desk-reading" tabindex="-1" ref=${pane} data-pane="thread"
      data-context=${contextOpen.value ? "open" : "closed"} aria-label=${t("Conversation")}>
      <h1 class="unseen">${t("Desk")}</h1>
      <div class="pane-thread"><${Thread} key=${id} id=${id} onBack=${close} /></div>
      <aside class="pane-context" aria-label=${t("Details")} inert=${!contextOpen.value}>
        ${summary && thread && html`<${ContextPanel} summary=${summary} thread=${thread} onOpen=${openOther}
          linkTo=${(other) => `/desk/${other}${searchOf(filter.value)}`} />`}
      </aside>
    </section>`;
}
