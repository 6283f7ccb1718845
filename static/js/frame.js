/** What every signed-in page beside the inbox shares: it stays live, so that nobody loses work by leaving the inbox. */
import { effect } from "@preact/signals";
import { html, render } from "htm/preact";
import { startAlarms } from "./lib/alarms.js";
import { startHandover } from "./lib/handover.js";
import { startKeys } from "./lib/keys.js";
import { startLifecycle } from "./lib/lifecycle.js";
import { goLive } from "./lib/live.js";
import { place, startPlace } from "./lib/place.js";
import { allowSound } from "./lib/sound.js";
import { dispatch } from "./lib/store.js";
import { setServerTime, startClock } from "./lib/time.js";
import { ConfirmDialog } from "./views/confirm.js";
import { mountFoot } from "./views/foot.js";
import { KeysDialog } from "./views/keys_dialog.js";
import { OfferSheet } from "./views/offer_sheet.js";
import { Toasts } from "./views/toast_view.js";

/** `inbox`: {cursor, now, me, conversations, offers} as the page brought it; `refetch` as in `goLive`. */
export function startFrame(inbox, refetch) {
  setServerTime(inbox.now);
  dispatch({ type: "inbox_loaded", snapshot: inbox });
  startClock();
  startKeys();
  startPlace();
  startLifecycle();
  allowSound();
  mountFoot();
  showOverlays();
  followToInbox();
  leaveWhenSignedOut();
  startHandover();
  startAlarms();
  goLive(refetch ? { refetch } : {});
}

function showOverlays() {
  const root = document.createElement("div");
  document.body.append(root);
  render(html`<div class="corner"><${OfferSheet} /><${Toasts} /></div><${KeysDialog} /><${ConfirmDialog} />`, root);
}

/** An offer accepted here continues in the inbox, which is another page. */
function followToInbox() {
  effect(() => {
    if (place.value.base === "inbox") location.reload();
  });
}

function leaveWhenSignedOut() {
  const here = () => encodeURIComponent(location.pathname + location.search);
  addEventListener("majlis:signed-out", () => location.assign(`/sign-in?next=${here()}`), { once: true });
}
