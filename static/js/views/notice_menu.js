import { html } from "htm/preact";
import { t } from "../lib/i18n.js";
import { setNotices, setPreference } from "../lib/person.js";
import { play } from "../lib/sound.js";
import { me } from "../lib/store.js";
import { Icon } from "./icon.js";
import { Menu } from "./menu.js";

/** How an offer may call me: by sound, by a desktop notice, or only on the page. */
export function NoticeMenu() {
  const { sound = false, desktop_notices: notices = false } = me.value?.preferences ?? {};
  const item = (on, icon, words, run) => html`<button type="button" role="menuitemcheckbox" aria-checked=${String(on)} data-keeps-open onClick=${run}>
    <${Icon} name=${icon} /><span class="grow">${words}</span>${on && html`<${Icon} name="check" />`}</button>`;
  return html`<${Menu} label=${t("How offers call you")} place="menu-end" button=${(props) => html`
    <button ...${props} class="button button-quiet button-icon" title=${t("How offers call you")} aria-label=${t("How offers call you")}>
      <${Icon} name=${sound || notices ? "bell" : "bell-off"} /></button>`}>
    ${item(sound, "sound", t("Sound"), () => {
      if (!sound) play("offer");
      setPreference("sound", !sound);
    })}
    ${item(notices, "bell", t("Desktop notices"), () => setNotices(!notices))}
  <//>`;
}
