import { html } from "htm/preact";
import { useLayoutEffect } from "preact/hooks";
import { t } from "../lib/i18n.js";
import { bindKey } from "../lib/keys.js";
import { missedOffer, PRESENCES, setPresence } from "../lib/person.js";
import { me } from "../lib/store.js";
import { presenceName } from "../lib/words.js";
import { Icon } from "./icon.js";
import { Menu } from "./menu.js";

/** Whether I am offered work, and the way out. */
export function PresenceSwitch() {
  const converses = Boolean(me.value?.rights.converse);
  const toggle = () => setPresence(me.value.presence === "online" ? "away" : "online");
  useLayoutEffect(() => (converses ? bindKey("o", toggle, { alt: true, words: t("Go online, or away") }) : undefined), [converses]);
  if (!me.value) return null;
  if (!converses) return html`<${Account} />`;
  const { presence } = me.value;
  return html`<${Menu} label=${t("Your presence")} place="menu-up" button=${(props) => html`
    <button ...${props} class="rail-link" aria-label=${t("Your presence: {name}", { name: presenceName(presence) })}>
      <span class="presence-mark" data-presence=${presence}></span><span>${presenceName(presence)}</span></button>`}>
    <p class="menu-title"><bdi>${me.value.name}</bdi></p>
    ${PRESENCES.map((one) => html`<button key=${one} type="button" role="menuitemradio" aria-checked=${String(one === presence)} onClick=${() => setPresence(one)}>
      <span class="presence-mark" data-presence=${one}></span>
      <span class="grow">${presenceName(one)}<small class="quiet">${meaning(one)}</small></span>
      ${one === presence && html`<${Icon} name="check" />`}</button>`)}
    <${SignOut} />
  <//>`;
}

/** For those who take no conversations. */
function Account() {
  const { name } = me.value;
  return html`<${Menu} label=${name} place="menu-up" button=${(props) => html`
    <button ...${props} class="rail-link" title=${name}><${Icon} name="person" /><span class="cut"><bdi>${name}</bdi></span></button>`}>
    <p class="menu-title"><bdi>${name}</bdi></p>
    <${SignOut} />
  <//>`;
}

/** The menu stays open: a form that is gone would not be sent. */
function SignOut() {
  return html`<form method="post" action="/sign-out" data-keeps-open>
    <input type="hidden" name="csrf_token" value=${me.value.csrf_token} />
    <button type="submit" role="menuitem"><${Icon} name="sign-out" turns=${true} />${t("Sign out")}</button></form>`;
}

/** Said where the work would be: without it, nobody would notice that no offers come any more. */
export function MissedOffer() {
  if (!missedOffer()) return null;
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
