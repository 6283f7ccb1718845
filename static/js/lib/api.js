/** The HTTP side of the protocol: problem+json becomes a Problem; a command keeps its id through retries. */

const TIMEOUT_MS = 15_000;
const RETRYABLE = new Set([408, 425, 429, 502, 503, 504]);

/** The server said no, in words: kind is the last part of the problem's type ("stale-reply"). */
export class Problem extends Error {
  constructor(status, body) {
    super(body.detail || body.title || `HTTP ${status}`);
    this.status = status;
    this.kind = String(body.type ?? "").split("/").pop();
    this.title = body.title ?? "";
    this.detail = body.detail ?? "";
    this.body = body;
  }
}

/** No answer: the request may or may not have taken effect. */
export class Unreachable extends Error {}

export function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  // Plain http on another host than this one is no secure context and lacks randomUUID.
  const hex = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
}

export function get(path) {
  return request("GET", path);
}

export function put(path, body) {
  return request("PUT", path, body);
}

export function patch(path, body) {
  return request("PATCH", path, body);
}

/** DELETE */
export function drop(path) {
  return request("DELETE", path);
}

/**
 * POST with an id that the server knows a repeat by, so trying again is safe. Retries while the network or the
 * database is away; `onWaiting` is told when it has to wait.
 */
export async function command(path, body = {}, { commandId = newId(), onWaiting = () => {}, attempts = Infinity } = {}) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await request("POST", path, { ...body, command_id: commandId });
    } catch (error) {
      const again = error instanceof Unreachable || (error instanceof Problem && RETRYABLE.has(error.status));
      if (!again || attempt >= attempts) throw error;
      onWaiting(error);
      await pause(error.body?.retry_after_seconds ? error.body.retry_after_seconds * 1000 : backoff(attempt));
    }
  }
}

/** A last word while the page closes; nobody waits for the answer. */
export function commandOnLeave(path, body, commandId) {
  fetch(path, { ...options("POST", { ...body, command_id: commandId }), keepalive: true }).catch(() => {});
}

async function request(method, path, body) {
  let response;
  try {
    response = await fetch(path, { ...options(method, body), signal: AbortSignal.timeout(TIMEOUT_MS) });
  } catch (error) {
    throw new Unreachable(String(error));
  }
  if (response.status === 401) dispatchEvent(new CustomEvent("majlis:signed-out"));
  if (!response.ok) throw new Problem(response.status, await readBody(response));
  return readBody(response);
}

function options(method, body) {
  const headers = { accept: "application/json" };
  if (body !== undefined) headers["content-type"] = "application/json";
  if (method !== "GET") headers["x-csrf-token"] = csrfToken();
  return { method, headers, credentials: "same-origin", body: body === undefined ? undefined : JSON.stringify(body) };
}

export function csrfToken() {
  return document.querySelector('meta[name="csrf-token"]')?.content ?? "";
}

async function readBody(response) {
  try {
    return await response.json();
  } catch {
    return {};
  }
}

function backoff(attempt) {
  return Math.min(15_000, 500 * 2 ** attempt) * (0.7 + Math.random() * 0.6);
}

/** Ends early when the browser is back online. */
function pause(ms) {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      removeEventListener("online", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    addEventListener("online", done);
  });
}
