/** One file to the server, with its progress. `fetch` tells nothing about what has left. */
import { csrfToken, Problem, Unreachable } from "./api.js";

/** → {done: Promise<attachment>, cancel}. `done` rejects with a Problem, Unreachable, or an AbortError after `cancel`. */
export function upload(conversationId, file, { kind, name, voice = false, onProgress = () => {} }) {
  const request = new XMLHttpRequest();
  const done = new Promise((resolve, reject) => {
    request.open("POST", `/api/conversations/${conversationId}/attachments`);
    request.responseType = "json";
    request.setRequestHeader("accept", "application/json");
    request.setRequestHeader("x-csrf-token", csrfToken());
    request.upload.onprogress = (event) => event.lengthComputable && onProgress(event.loaded / event.total);
    request.onload = () => {
      const body = request.response ?? {};
      if (request.status === 401) dispatchEvent(new CustomEvent("majlis:signed-out"));
      if (request.status >= 200 && request.status < 300) resolve(body.attachment);
      else reject(new Problem(request.status, body));
    };
    request.onerror = () => reject(new Unreachable("upload"));
    request.onabort = () => reject(new DOMException("called off", "AbortError"));
    // The fields first: the server judges the file by them while it comes.
    const form = new FormData();
    form.append("kind", kind);
    if (voice) form.append("voice", "true");
    form.append("file", file, name ?? file.name);
    request.send(form);
  });
  return { done, cancel: () => request.abort() };
}
