/** Two customers who are one person: found, compared, made one, parted again. */
import { command, get } from "./api.js";
import { t } from "./i18n.js";
import { loadThread } from "./threads.js";
import { say } from "./toasts.js";

export const FEWEST_LETTERS = 2;

export async function searchPeople(words) {
  return (await get(`/api/contacts?search=${encodeURIComponent(words)}`)).contacts;
}

export function readPerson(id) {
  return get(`/api/contacts/${id}`);
}

/** Throws the Problem; else says so, with the way back. */
export async function mergePeople(id, otherId, { conversationId, name, commandId }) {
  const { merge_id: merge } = await command(`/api/contacts/${id}/merge`, { other_id: otherId }, { commandId, attempts: 4 });
  await loadThread(conversationId).catch(() => {});
  say(t("{name}: now one customer", { name }), { act: t("Undo"), onAct: () => partPeople(merge, conversationId), forMs: 12_000 });
}

export async function partPeople(merge, conversationId) {
  try {
    await command(`/api/merges/${merge}/undo`, {}, { attempts: 4 });
    await loadThread(conversationId).catch(() => {});
    say(t("Two customers again"));
  } catch (error) {
    say(error.detail || t("That did not work. Try again in a moment."), { tone: "failed" });
  }
}
