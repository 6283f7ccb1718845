/** How the accounts stand at Meta: the page's snapshot, read again when something is told and every 15 seconds. */
import { html, render } from "htm/preact";
import { startFrame } from "./frame.js";
import { pageData } from "./lib/dom.js";
import { startHealth } from "./lib/health_feed.js";
import { MetaHealth } from "./views/meta_health.js";

const data = pageData("page-data");
startHealth(data.health);
startFrame(data.inbox);

const root = document.getElementById("main");
root.replaceChildren();
render(html`<${MetaHealth} />`, root);
