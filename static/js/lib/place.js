/** The address bar is the place: /inbox, /inbox/12, /inbox/12?view=resolved. Back works. */
import { signal } from "@preact/signals";

export const place = signal(read());

export function startPlace() {
  addEventListener("popstate", () => (place.value = read()));
}

export function go(path, { replace = false } = {}) {
  if (path === here()) return;
  const from = replace ? history.state?.from : here();
  history[replace ? "replaceState" : "pushState"]({ from }, "", path);
  place.value = read();
}

/** To this place: by a step back when one came from there, so that Back does not lead in circles. */
export function leave(path) {
  if (history.state?.from === path) history.back();
  else go(path, { replace: !history.state?.from });
}

export function conversationPath(id, view = place.value.view) {
  return `/inbox/${id}${view === "resolved" ? "?view=resolved" : ""}`;
}

export function listPath(view = place.value.view) {
  return `/inbox${view === "resolved" ? "?view=resolved" : ""}`;
}

function here() {
  return location.pathname + location.search;
}

function read() {
  const [, base, id] = location.pathname.split("/");
  const view = new URLSearchParams(location.search).get("view") === "resolved" ? "resolved" : "mine";
  return { base, conversationId: Number(id) || null, view };
}
