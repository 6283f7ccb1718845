/** Accepting and declining offers, and being told of them. */
import { command, Problem } from "./api.js";
import { dispatch, me, state } from "./store.js";
import { t } from "./i18n.js";
import { play } from "./sound.js";
import { say } from "./toasts.js";

/** → the conversation's id, or null when the offer was gone. */
export async function acceptOffer(offer) {
  try {
    await command(`/api/offers/${offer.id}/accept`, {}, { attempts: 3 });
  } catch (error) {
    gone(offer, error);
    return null;
  }
  // The push may take a moment: show it as mine now.
  const summary = state.value.conversations[offer.conversation.id] ?? offer.conversation;
  if (!summary.owner) {
    const mine = { ...summary, state: "assigned", owner: { id: me.value.id, name: me.value.name } };
    dispatch({ type: "offer_taken", summary: mine });
  }
  dispatch({ type: "offer_gone", id: offer.id });
  return offer.conversation.id;
}

export async function declineOffer(offer, reason) {
  dispatch({ type: "offer_gone", id: offer.id });
  try {
    await command(`/api/offers/${offer.id}/decline`, { reason }, { attempts: 3 });
  } catch (error) {
    gone(offer, error);
  }
}

const announced = new Set();

/** Sound and a desktop notice, as the person chose; the notice only while the page is out of sight. Once for each. */
export function announceOffer(offer) {
  if (announced.has(offer.id)) return;
  announced.add(offer.id);
  const { sound, desktop_notices: notices } = me.value?.preferences ?? {};
  if (sound) play("offer");
  if (!notices || !document.hidden || globalThis.Notification?.permission !== "granted") return;
  const notice = new Notification(t("{name} is waiting for you", { name: offer.conversation.contact.name }), {
    body: [offer.conversation.sector_name, offer.why].filter(Boolean).join(" · "),
    tag: `offer-${offer.id}`,
  });
  notice.onclick = () => window.focus();
}

function gone(offer, error) {
  dispatch({ type: "offer_gone", id: offer.id });
  const known = error instanceof Problem && error.detail;
  say(known || t("This offer is no longer open. The next one will find you."), { tone: "due-soon" });
}
