/** From a figure to the rows behind it: the desk's list, filtered. A link like any other, with a modifier. */
import { html } from "htm/preact";
import { setFilter } from "../lib/board_feed.js";
import { searchOf } from "../lib/board_state.js";

export function ListLink({ wanted, children, ...props }) {
  const show = (event) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    setFilter(wanted);
    // On narrow screens the list is below the board.
    document.querySelector(".desk-list")?.scrollIntoView({ block: "start" });
  };
  return html`<a ...${props} href=${`/desk${searchOf(wanted)}`} onClick=${show}>${children}</a>`;
}
