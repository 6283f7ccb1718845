/** What the sector calls its customers. */
import { command } from "./api.js";
import { t } from "./i18n.js";
import { dispatch, state } from "./store.js";
import { say } from "./toasts.js";

/** Shown at once; taken back, with a word, when the server will not have it. */
export async function setLabel(id, label, on) {
  mark(id, label, on);
  try {
    await command(`/api/conversations/${id}/labels`, { label, on }, { attempts: 4 });
  } catch (error) {
    mark(id, label, !on);
    say(error.detail || t("That could not be saved. Check the connection and choose again."), { tone: "failed" });
  }
}

function mark(id, label, on) {
  const { context } = state.value.threads[id] ?? {};
  if (!context) return;
  const labels = context.labels.map((one) => (one.id === label ? { ...one, on } : one));
  dispatch({ type: "thread_marked", id, patch: { context: { ...context, labels } } });
}
