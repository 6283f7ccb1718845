/**
 * Replies on their way: written → (waiting for the network) → taken by the server, or refused with a reason.
 * A pending reply: {command_id, conversation_id, text, outgoing, shown, reply_to, at, based_on_version, state, problem,
 * echo}. `outgoing`: what is said where it is more than words; `shown`: how it looks until the server has it.
 */
import { addMessage } from "./state_threads.js";

export function write(state, { entry }) {
  return put(state, entry.conversation_id, [...of(state, entry.conversation_id), entry]);
}

/** The network failed; the same command is tried again. */
export function wait(state, { id, commandId }) {
  return change(state, id, commandId, { state: "waiting" });
}

/** The server has it: the real message takes the place of the pending one. */
export function take(state, { id, commandId, message, also = [] }) {
  // A push may have brought them already, and moved them further.
  return [message, ...also].filter(Boolean).reduce((next, one) => addMessage(next, id, one), drop(state, { id, commandId }));
}

export function refuse(state, { id, commandId, problem }) {
  return change(state, id, commandId, { state: "refused", problem });
}

/** Send a refused or held reply after all, based on what is seen now. */
export function release(state, { id, commandId, basedOnVersion, newCommandId }) {
  const patch = { state: "sending", problem: null, based_on_version: basedOnVersion };
  return change(state, id, commandId, newCommandId ? { ...patch, command_id: newCommandId } : patch);
}

export function drop(state, { id, commandId }) {
  return put(state, id, of(state, id).filter((entry) => entry.command_id !== commandId));
}

/** Our own message may be pushed before the answer to its command: show it once. */
export function matchEcho(state, push) {
  const id = push.conversation_id;
  const mine = push.kind === "MessageQueued" && push.actor === `user:${state.me?.id}`;
  if (!mine) return state;
  const twin = of(state, id).find((entry) => !entry.echo && entry.state !== "refused" && isTwin(entry, push.message));
  return twin ? change(state, id, twin.command_id, { echo: push.message.id }) : state;
}

function isTwin({ text, outgoing }, message) {
  if (!outgoing) return message.kind === "text" && text === message.text;
  if (outgoing.kind !== message.kind) return false;
  return !outgoing.attachment_id || message.attachments?.some((one) => one.id === outgoing.attachment_id);
}

function of(state, id) {
  return state.pending[id] ?? [];
}

function put(state, id, entries) {
  return { ...state, pending: { ...state.pending, [id]: entries } };
}

function change(state, id, commandId, patch) {
  return put(state, id, of(state, id).map((entry) => (entry.command_id === commandId ? { ...entry, ...patch } : entry)));
}
