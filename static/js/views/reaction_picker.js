import { html } from "htm/preact";
import { useState } from "preact/hooks";
import { t } from "../lib/i18n.js";
import { emojiIn, MORE, ourReaction, QUICK, react } from "../lib/reactions.js";
import { Icon } from "./icon.js";

/** The quick ones, as a row of a menu. `allowed`: what the channel takes, null for any. */
export function QuickReactions({ message, allowed, onDone, onMore }) {
  const ours = ourReaction(message);
  const choose = (emoji) => {
    onDone();
    react(message, emoji);
  };
  const row = allowed ?? (ours && !QUICK.includes(ours) ? [...QUICK.slice(0, -1), ours] : QUICK);
  return html`<div class="emoji-row" role="group" aria-label=${t("React")} data-columns=${row.length + (allowed ? 0 : 1)}>
    ${row.map((emoji) => html`<button key=${emoji} type="button" role="menuitemradio" aria-checked=${String(emoji === ours)} class="emoji"
      onClick=${() => choose(emoji)}>${emoji}</button>`)}
    ${!allowed && html`<button type="button" role="menuitem" class="emoji" aria-label=${t("More emoji")} onClick=${onMore}><${Icon} name="plus" /></button>`}
  </div>`;
}

/** Many, and a field for any other: the keyboard of the system has them all. */
export function AllReactions({ message, onDone }) {
  const [typed, setTyped] = useState("");
  const [wrong, setWrong] = useState(false);
  const ours = ourReaction(message);
  const choose = (emoji) => {
    onDone();
    react(message, emoji);
  };
  const submit = (event) => {
    event.preventDefault();
    const emoji = emojiIn(typed);
    if (emoji) choose(emoji);
    else setWrong(true);
  };
  return html`<div class="emoji-grid" data-columns="8">${[...QUICK, ...MORE].map((emoji, index) => html`<button key=${emoji} type="button" class="emoji"
      aria-pressed=${String(emoji === ours)} autofocus=${index === 0} onClick=${() => choose(emoji)}>${emoji}</button>`)}</div>
    <form class="row" onSubmit=${submit}><input class="input emoji-field" maxlength="16" value=${typed} aria-label=${t("Another emoji")} aria-invalid=${wrong ? "true" : null}
        placeholder=${t("Another emoji")} onInput=${(event) => { setTyped(event.currentTarget.value); setWrong(false); }} />
      <button type="submit" class="button" disabled=${!typed.trim()}>${t("React")}</button></form>
    ${wrong && html`<p class="wrong small" role="alert">${t("That is not an emoji.")}</p>`}`;
}
