/** The supervisor's desk: reads the page's snapshot, shows it, and keeps it true. */
import { html, render } from "htm/preact";
import { startFrame } from "./frame.js";
import { readAll, startBoard } from "./lib/board_feed.js";
import { startBoardPlace } from "./lib/board_place.js";
import { pageData } from "./lib/dom.js";
import { openDrafts } from "./lib/drafts.js";
import { dispatch } from "./lib/store.js";
import { withDraft } from "./lib/threads.js";
import { Desk } from "./views/board_page.js";

const data = pageData("page-data");
startBoard(data);
startBoardPlace();
startFrame({ ...data.inbox, cursor: Math.min(data.inbox.cursor, data.board.cursor) }, readAll);
openDrafts(data.inbox.me.id);
if (data.thread) dispatch({ type: "thread_loaded", snapshot: withDraft(data.thread) });

const root = document.getElementById("main");
root.replaceChildren();
render(html`<${Desk} />`, root);
