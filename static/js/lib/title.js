/** The tab: how many wait, the most pressing clock, the place. */
import { effect } from "@preact/signals";
import { countdown, number } from "./format.js";
import { t } from "./i18n.js";
import { mostPressing, unreadCount } from "./select.js";
import { state } from "./store.js";
import { now } from "./time.js";

const SHOW_WITHIN_MS = 10 * 60_000;

export function keepTitle(name) {
  return effect(() => {
    const count = unreadCount(state.value) + state.value.offers.length;
    const pressing = mostPressing(state.value, now.value);
    const left = pressing ? pressing.expiry.at - now.value : Infinity;
    const offered = state.value.offers.length > 0 ? t("New offer") : null;
    const clock = left < SHOW_WITHIN_MS ? countdown(left) : null;
    const parts = [count ? `(${number(count)})` : null, offered ?? clock, name()].filter(Boolean);
    document.title = `${parts.join(" ")} · Majlis`;
  });
}
