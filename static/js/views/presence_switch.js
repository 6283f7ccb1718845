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

function meaning(presence) {
  return {
    online: t("New customers are offered to you"),
    away: t("Nothing new; you keep what you have"),
    wrap_up: t("Finish what you have first"),
    offline: t("What you hold goes to others after a while"),
  }[presence];
}
