/** What the scripts add to the frame's rail: presence, connection, the count of the inbox. */
import { effect } from "@preact/signals";
import { render } from "preact";
import { html } from "htm/preact";
import { number } from "../lib/format.js";
import { unreadCount } from "../lib/select.js";
import { state } from "../lib/store.js";
import { ConnectionLight } from "./connection.js";
import { PresenceSwitch } from "./presence_switch.js";

/** For every page that is live; needs `me` in the store. */
export function mountFoot() {
  const presence = document.getElementById("presence");
  const connection = document.getElementById("connection");
  if (presence) render(html`<${PresenceSwitch} />`, presence);
  if (connection) render(html`<${ConnectionLight} />`, connection);
  const badge = document.getElementById("rail-inbox-count");
  if (badge) effect(() => showCount(badge, unreadCount(state.value)));
}

function showCount(badge, count) {
  badge.hidden = count === 0;
  badge.textContent = count ? number(count) : "";
}
