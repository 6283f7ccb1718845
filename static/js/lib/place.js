/** The address bar is the place: /inbox, /inbox/12, /inbox/12?view=resolved. Back works. */
import { signal } from "@preact/signals";

export const place = signal(read());

export function startPlace() {
  addEventListener("popstate", () => (place.value = read()));
}

export function go(path, { replace = false } = {}) {
  if (path === location.pathname + location.search) return;
  history[replace ? "replaceState" : "pushState"]({ inside: true }, "", path);
  place.value = read();
}

/** Back where one came from, or to the list when the page was opened right here. */
export function leave(path) {
  if (history.state?.inside) history.back();
  else go(path, { replace: true });
}

export function conversationPath(id, view = place.value.view) {
  return `/inbox/${id}${view === "resolved" ? "?view=resolved" : ""}`;
}

export function listPath(view = place.value.view) {
  return `/inbox${view === "resolved" ? "?view=resolved" : ""}`;
}

function read() {
  const [, base, id] = location.pathname.split("/");
  const view = new URLSearchParams(location.search).get("view") === "resolved" ? "resolved" : "mine";
  return { base, conversationId: Number(id) || null, view };
}
