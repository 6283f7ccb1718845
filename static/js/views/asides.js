/** What stands between messages: the day, a fact, a note, where the new ones begin. */
import { html } from "htm/preact";
import { clockTime, dayName, fullTime } from "../lib/format.js";
import { t } from "../lib/i18n.js";
import { me } from "../lib/store.js";
import { serverNow } from "../lib/time.js";
import { Icon } from "./icon.js";

export function DayBreak({ at }) {
  return html`<h3 class="day-break"><span>${dayName(at, serverNow())}</span></h3>`;
}

export function FactLine({ fact }) {
  return html`<p class="fact" data-kind=${fact.kind}>
    <span>${isMyTaking(fact) ? t("You took it") : fact.words} <time datetime=${fact.at} title=${fullTime(fact.at)}>${clockTime(fact.at)}</time></span></p>`;
}

function isMyTaking({ kind, data, actor_name: actor }) {
  return kind === "ConversationAssigned" && data.advisor_id === me.value?.id && actor === me.value.name;
}

export function Note({ note }) {
  return html`<article class="note">
    <h4 class="note-head"><${Icon} name="note" /><bdi>${note.author.name}</bdi>
      <span class="note-kind">${t("Internal note")}</span></h4>
    <p class="message-text" dir="auto">${note.text}</p>
    <time datetime=${note.at} title=${fullTime(note.at)}>${clockTime(note.at)}</time>
  </article>`;
}

export function NewBelow() {
  return html`<p class="new-below"><span>${t("New")}</span></p>`;
}
