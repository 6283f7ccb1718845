/** Small forms that were begun and not sent: kept in this browser, by conversation. */
import { recall, remember } from "./dom.js";
import { me } from "./store.js";

export function unfinished(id, form) {
  return recall(key(id, form));
}

/** `draft` null forgets it. */
export function keepUnfinished(id, form, draft) {
  remember(key(id, form), draft);
}

function key(id, form) {
  return `majlis:form:${me.value?.id ?? 0}:${id}:${form}`;
}
