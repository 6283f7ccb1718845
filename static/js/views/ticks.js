import { html } from "htm/preact";
import { statusName } from "../lib/words.js";
import { Icon } from "./icon.js";

const SIGNS = {
  queued: "clock",
  sending: "clock",
  waiting: "clock",
  accepted: "check",
  sent: "check",
  delivered: "checks",
  read: "checks",
  played: "checks",
  failed: "failed",
  uncertain: "unsure",
  discarded: "close",
};

/** Where our message is. Read differs from delivered by colour and by weight; the word is there for the ear. */
export function Ticks({ status }) {
  if (!status) return null;
  return html`<span class="ticks" data-status=${status} title=${statusName(status)}>
    <${Icon} name=${SIGNS[status] ?? "clock"} label=${statusName(status)} />
  </span>`;
}
