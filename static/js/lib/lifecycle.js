/** Ending and passing on. What can be regretted waits five seconds behind an "Undo" before it is sent. */
import { command, commandOnLeave, get, newId } from "./api.js";
import { dispatch, state } from "./store.js";
import { isolate, t } from "./i18n.js";
import { say } from "./toasts.js";

const UNDO_MS = 5000;
const waiting = new Map();

export function resolve(id) {
  later(id, "resolve", t("Resolved"));
}

export function handBack(id) {
  later(id, "hand-back", t("Handed back to the queue"));
}

/** Call off what has not been sent. */
export function stay(id, words) {
  const act = waiting.get(id);
  if (!act) return;
  clearTimeout(act.timer);
  waiting.delete(id);
  act.toast.close();
  dispatch({ type: "stayed", id });
  if (words) say(words);
}

export function isLeaving(id) {
  return waiting.get(id)?.verb ?? null;
}

export async function takeOver(id) {
  await command(`/api/conversations/${id}/take-over`, {}, { attempts: 4 });
}

/** `target`: {queue} or {advisor_id}. */
export async function transfer(id, target, note, commandId) {
  await command(`/api/conversations/${id}/transfer`, { ...target, ...(note ? { note } : {}) }, { commandId, attempts: 4 });
}

export function transferTargets(id) {
  return get(`/api/transfer-targets?conversation=${id}`);
}

/** A closing page keeps its word: what was announced is done. */
export function startLifecycle() {
  addEventListener("pagehide", () => {
    for (const [id, act] of waiting) commandOnLeave(path(id, act.verb), {}, act.commandId);
    waiting.clear();
  });
}

function later(id, verb, words) {
  if (waiting.has(id)) return;
  const name = state.value.conversations[id]?.contact.name;
  const act = { verb, commandId: newId() };
  act.timer = setTimeout(() => carryOut(id, act), UNDO_MS);
  act.toast = say(name ? `${isolate(name)}: ${words}` : words, { act: t("Undo"), onAct: () => stay(id), forMs: UNDO_MS });
  waiting.set(id, act);
  dispatch({ type: "leaving", id, act: verb });
}

async function carryOut(id, act) {
  waiting.delete(id);
  try {
    await command(path(id, act.verb), {}, { commandId: act.commandId });
  } catch (error) {
    say(error.detail || t("That did not work. The conversation is still yours."), { tone: "failed" });
  }
  dispatch({ type: "stayed", id });
}

function path(id, verb) {
  return `/api/conversations/${id}/${verb}`;
}
