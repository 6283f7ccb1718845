/** The one state of the page and the way to change it. */
import { computed, signal } from "@preact/signals";
import { initial, reduce } from "./state.js";

export const state = signal(initial);
export const me = computed(() => state.value.me);

export function dispatch(event) {
  state.value = reduce(state.value, event);
  return state.value;
}

/** A slice that only moves when its own value does. */
export function slice(select) {
  return computed(() => select(state.value));
}
