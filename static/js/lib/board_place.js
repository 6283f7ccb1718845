/** Which conversation is read beside the board: /desk/12. Back and Esc close it. */
import { signal } from "@preact/signals";

export const reading = signal(idOf(location.pathname));

export function startBoardPlace() {
  addEventListener("popstate", () => (reading.value = idOf(location.pathname)));
}

export function open(id) {
  if (reading.value === id) return;
  // From one to the next is a step sideways: Back leads to the board, not through all of them.
  history[reading.value ? "replaceState" : "pushState"]({ inside: true }, "", `/desk/${id}${location.search}`);
  reading.value = id;
}

export function close() {
  if (!reading.value) return;
  if (history.state?.inside) history.back();
  else {
    history.replaceState({}, "", `/desk${location.search}`);
    reading.value = null;
  }
}

function idOf(path) {
  return Number(path.split("/")[2]) || null;
}
