import { html } from "htm/preact";
import { initials } from "../lib/format.js";
import { channelName } from "../lib/words.js";
import { Icon } from "./icon.js";

/** The contact with the channel as a small mark; both are named in words beside it or for the ear. */
export function Avatar({ name, channel }) {
  const letters = initials(name);
  return html`<span class="avatar">
    ${letters ? html`<span aria-hidden="true">${letters}</span>` : html`<${Icon} name="person" />`}
    ${channel && html`<span class="avatar-mark"><${Icon} name=${channel} label=${channelName(channel)} /></span>`}
  </span>`;
}
