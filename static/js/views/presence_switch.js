import { html } from "htm/preact";
import { t } from "../lib/i18n.js";
import { PRESENCES, setPresence } from "../lib/person.js";
import { me } from "../lib/store.js";
import { presenceName } from "../lib/words.js";
import { Icon } from "./icon.js";
import { Menu } from "./menu.js";

/** Whether I am offered work. */
export function PresenceSwitch() {
  if (!me.value?.rights.converse) return null;
  const { presence } = me.value;
  return html`<${Menu} label=${t("Your presence")} place="menu-up" button=${(props) => html`
    <button ...${props} class="rail-link" aria-label=${t("Your presence: {name}", { name: presenceName(presence) })}>
      <span class="presence-mark" data-presence=${presence}></span><span>${presenceName(presence)}</span></button>`}>
    <p class="menu-title"><bdi>${me.value.name}</bdi></p>
    ${PRESENCES.map((one) => html`<button key=${one} type="button" role="menuitemradio" aria-checked=${String(one === presence)} onClick=${() => setPresence(one)}>
      <span class="presence-mark" data-presence=${one}></span>
      <span class="grow">${presenceName(one)}<small class="quiet">${meaning(one)}</small></span>
      ${one === presence && html`<${Icon} name="check" />`}</button>`)}
  <//>`;
}

/** Said where the work would be: without it, nobody would notice that no offers come any more. */
export function MissedOffer() {
  const { presence, presence_reason: reason } = me.value ?? {};
  if (presence !== "away" || reason !== "missed_offer") return null;
  return html`<div class="missed-offer" role="status"><${Icon} name="alert" />
    <p class="grow">${t("An offer ran out unanswered, so you are away now.")}</p>
    <button type="button" class="button" onClick=${() => setPresence("online")}>${t("Go online")}</button></div>`;
}

function meaning(presence) {
  return {
    online: t("New customers are offered to you"),
    away: t("Nothing new; you keep what you have"),
    wrap_up: t("Finish what you have first"),
    offline: t("What you hold goes back to the queue"),
  }[presence];
}
