/** The person at this console: presence and preferences. */
import { command, patch } from "./api.js";
import { dispatch, me } from "./store.js";
import { t } from "./i18n.js";
import { say } from "./toasts.js";

export const PRESENCES = ["online", "away", "wrap_up", "offline"];

/** True when I was put away because an offer to me ran out unanswered. */
export function missedOffer() {
  return me.value?.presence === "away" && me.value.presence_reason === "missed_offer";
}

export async function setPresence(presence) {
  const before = { presence: me.value.presence, presence_reason: me.value.presence_reason };
  dispatch({ type: "me_changed", patch: { presence, presence_reason: "" } });
  try {
    await command("/api/me/presence", { presence }, { attempts: 3 });
  } catch (error) {
    dispatch({ type: "me_changed", patch: before });
    say(error.detail || t("Your presence could not be changed. Try again."), { tone: "failed" });
  }
}

export async function setPreference(name, value) {
  const preferences = { ...me.value.preferences, [name]: value };
  dispatch({ type: "me_changed", patch: { preferences } });
  try {
    await patch("/api/me", { preferences });
  } catch {
    say(t("The setting could not be saved. It holds until you reload."), { tone: "failed" });
  }
}

/** Desktop notices need the browser's leave, asked for at the moment they are switched on. */
export async function setNotices(on) {
  if (on && (await globalThis.Notification?.requestPermission?.()) !== "granted") {
    say(t("The browser does not allow desktop notices for this site. Allow them in its site settings."), { tone: "due-soon" });
    return;
  }
  await setPreference("desktop_notices", on);
}
