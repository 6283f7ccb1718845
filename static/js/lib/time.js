/** The server's clock: deadlines are the server's, so the machine's own clock never decides. */
import { signal } from "@preact/signals";

let offset = 0;

/** Milliseconds, in the server's time; moves once a second. */
export const now = signal(Date.now());

export function setServerTime(iso) {
  offset = Date.parse(iso) - Date.now();
  now.value = serverNow();
}

export function serverNow() {
  return Date.now() + offset;
}

export function startClock() {
  const tick = () => (now.value = serverNow());
  document.addEventListener("visibilitychange", tick);
  return setInterval(tick, 1000);
}
