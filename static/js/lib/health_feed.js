/** The Meta health page kept true. */
import { batch, signal } from "@preact/signals";
import { command, get } from "./api.js";
import { hear } from "./live.js";
import { setServerTime } from "./time.js";

const EVERY_MS = 15_000;
const COSTS_MS = 300_000;
// After an account was told of, or Meta asked anew, the answer takes a moment.
const SOON_MS = [400, 2500, 6000];
const OURS = new Set(["AccountAlerted", "SendingPaused", "SendingResumed", "SendingAlarmed"]);

export const health = signal(null);
/** The last reading failed: what is shown is as of `health.as_of`. */
export const stale = signal(false);
/** The month's costs; null until read, or where they may not be read. */
export const costs = signal(null);
/** Inboxes that Meta is being asked about. */
export const asking = signal(new Set());
let costsAt = 0;

export function startHealth(snapshot) {
  take(snapshot);
  readCosts();
  hear("push", (push) => OURS.has(push.kind) && readSoon());
  setInterval(() => document.hidden || read(), EVERY_MS);
  document.addEventListener("visibilitychange", () => document.hidden || read());
}

/** Has Meta asked about an inbox now. */
export async function ask(inbox) {
  asking.value = new Set([...asking.value, inbox]);
  try {
    await command(`/api/meta-health/${encodeURIComponent(inbox)}/check`, {}, { attempts: 2 });
    await readSoon();
  } finally {
    const left = new Set(asking.value);
    left.delete(inbox);
    asking.value = left;
  }
}

async function readSoon() {
  for (const wait of SOON_MS) {
    await new Promise((resolve) => setTimeout(resolve, wait));
    await read();
  }
}

async function read() {
  try {
    take(await get("/api/meta-health"));
  } catch {
    stale.value = true;
  }
  if (Date.now() - costsAt > COSTS_MS) readCosts();
}

async function readCosts() {
  costsAt = Date.now();
  try {
    costs.value = await get("/api/costs");
  } catch {
    // Not for this person, or not just now: the rest of the page stands without it.
  }
}

function take(snapshot) {
  setServerTime(snapshot.as_of);
  batch(() => {
    health.value = snapshot;
    stale.value = false;
  });
}
