import { useComputed } from "@preact/signals";
import { html } from "htm/preact";
import { t } from "../lib/i18n.js";
import { light } from "../lib/select.js";
import { state } from "../lib/store.js";
import { now } from "../lib/time.js";
import { Icon } from "./icon.js";

const ICONS = { live: "live", catching_up: "catching-up", offline: "offline" };

/** Whether what is on the screen is the truth right now. */
export function ConnectionLight() {
  const is = useComputed(() => light(state.value.link, now.value)).value;
  const [words, more] = {
    live: [t("Live"), t("Everything on the screen is up to date.")],
    catching_up: [t("Catching up"), t("News may be a moment late. Nothing is lost.")],
    offline: [t("Offline"), t("No connection. What you write is kept and goes out by itself.")],
  }[is];
  return html`<div class="connection" role="status" data-link=${is} title=${more}>
    <${Icon} name=${ICONS[is]} /><span>${words}</span><span class="unseen">${more}</span></div>`;
}

/** The same, across the page where it must not be overlooked. */
export function OfflineBanner() {
  const is = useComputed(() => light(state.value.link, now.value)).value;
  if (is !== "offline") return null;
  return html`<p class="offline-banner"><${Icon} name="offline" />${t("Offline: what you see may be old. What you write is kept and goes out by itself.")}</p>`;
}
