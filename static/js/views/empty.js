/** Empty states: they say why, and teach the next step. */
import { html } from "htm/preact";
import { t } from "../lib/i18n.js";
import { me } from "../lib/store.js";
import { missedOffer, setPresence } from "../lib/person.js";
import { Icon } from "./icon.js";

export function NoConversations({ view }) {
  if (view === "resolved") {
    return html`<div class="empty"><${Icon} name="resolve" /><h3>${t("Nothing resolved yet")}</h3>
      <p>${t("Conversations you finish are kept here to be read again.")}</p></div>`;
  }
  const online = me.value?.presence === "online";
  return html`<div class="empty"><${Icon} name="inbox" /><h3>${t("No conversations")}</h3>
    ${online
      ? html`<p>${t("You are online. The next conversation is offered to you here as soon as a customer waits.")}</p>`
      : html`<p>${t("Go online and the next waiting customer is offered to you.")}</p>
        ${!missedOffer() && html`<button type="button" class="button button-primary" onClick=${() => setPresence("online")}>${t("Go online")}</button>`}`}
  </div>`;
}

export function NothingOpen({ count }) {
  const away = notOnline();
  return html`<div class="empty"><${Icon} name="majlis" />
    <h2>${count > 0 ? t("Choose a conversation") : away ?? t("All quiet")}</h2>
    <p>${count > 0
      ? html`${t("J and K move through the list, Enter opens.")} <kbd>?</kbd> ${t("shows every key.")}`
      : away
        ? t("Nothing is offered to you until you go online, even while customers wait.")
        : t("When a customer needs you, the offer slides in at the corner.")}</p></div>`;
}

/** For who is offered nothing: their own presence, said before anything seems quiet. */
function notOnline() {
  return { away: t("You are away"), wrap_up: t("You are wrapping up"), offline: t("You are offline") }[me.value?.presence] ?? null;
}

export function ThreadLoading({ summary }) {
  return html`<section class="thread" aria-busy="true">
    <header class="pane-head"><h2 class="cut" dir="auto">${summary?.contact.name ?? ""}</h2></header>
    <p class="empty quiet" role="status">${t("Opening…")}</p></section>`;
}

export function ThreadGone({ problem, onRetry, onBack }) {
  const hidden = problem.status === 404 || problem.status === 403;
  return html`<div class="empty"><${Icon} name=${hidden ? "lock" : "offline"} />
    <h2>${hidden ? t("This conversation is not open to you") : t("It could not be opened")}</h2>
    <p>${hidden
      ? t("It may belong to another sector, or somebody else has it now.")
      : t("Nothing is lost. Check the connection and try again.")}</p>
    ${hidden
      ? onBack && html`<button type="button" class="button" onClick=${onBack}>${t("Back to the list")}</button>`
      : html`<button type="button" class="button button-primary" onClick=${onRetry}>${t("Try again")}</button>`}</div>`;
}
