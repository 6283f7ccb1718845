/** Files chosen for a reply: uploaded at once, so that sending is a moment; what a channel does not take is told before. */
import { signal } from "@preact/signals";
import { drop, newId } from "./api.js";
import { endingOf, kindOf, refusal, sizeWords, typeOf } from "./files.js";
import { list, t } from "./i18n.js";
import { shrink } from "./shrink.js";
import { upload } from "./upload.js";
import { channelName, fileKinds } from "./words.js";

const MOST = 10;
const uploads = new Map();

/**
 * Conversation → [{key, file, kind, name, size, preview, state, progress, attachment, words, voice, shrinks}];
 * state: refused (the channel would not take it) | uploading | ready | failed.
 */
const trays = signal({});

export function trayOf(id) {
  return trays.value[id] ?? [];
}

/** → how many did not fit into one message any more. */
export function addFiles(id, files, { media, channel }) {
  const room = Math.max(0, MOST - trayOf(id).length);
  for (const file of [...files].slice(0, room)) add(id, itemOf(file, media, channel));
  return Math.max(0, files.length - room);
}

/** What was not sent after all, back where it was. */
export function putBack(id, attachment) {
  if (trayOf(id).some((item) => item.attachment?.id === attachment.id)) return;
  set(id, [...trayOf(id), {
    key: newId(), file: null, kind: attachment.kind, name: attachment.name ?? "", size: attachment.size ?? 0,
    preview: attachment.thumbnail, state: "ready", progress: 1, attachment, words: "", voice: attachment.voice, shrinks: false,
  }]);
}

export function remove(id, key) {
  const item = trayOf(id).find((one) => one.key === key);
  if (!item) return;
  uploads.get(key)?.cancel();
  if (item.attachment) drop(`/api/attachments/${item.attachment.id}`).catch(() => {});
  forget(item);
  set(id, trayOf(id).filter((one) => one.key !== key));
}

/** The files that go out; the tray is empty then. */
export function takeReady(id) {
  const ready = trayOf(id).filter((item) => item.state === "ready");
  ready.forEach(forget);
  set(id, trayOf(id).filter((item) => item.state !== "ready"));
  return ready;
}

export async function again(id, key) {
  const item = trayOf(id).find((one) => one.key === key);
  if (item) start(id, { ...item, state: "uploading", progress: 0, words: "" });
}

/** The photo made small enough, or into a form the channel knows. */
export async function makeFit(id, key, { media, channel }) {
  const item = trayOf(id).find((one) => one.key === key);
  if (!item?.shrinks) return;
  change(id, key, { state: "uploading", progress: 0, words: "" });
  try {
    const fit = itemOf(await shrink(item.file, media.image.max_bytes), media, channel);
    forget(item);
    set(id, trayOf(id).map((one) => (one.key === key ? { ...fit, key } : one)));
    if (fit.state === "uploading") start(id, { ...fit, key });
  } catch {
    change(id, key, { state: "refused", shrinks: false, words: t("This picture cannot be made smaller here.") });
  }
}

function itemOf(file, media, channel) {
  const kind = kindOf(file, media);
  const no = refusal(file, kind, media);
  const image = /^image\//.test(typeOf(file));
  return {
    key: newId(), file, kind, name: file.name, size: file.size, preview: image ? URL.createObjectURL(file) : null,
    state: no ? "refused" : "uploading", progress: 0, attachment: null, words: no ? refusalWords(no, file, channel) : "",
    voice: false, shrinks: Boolean(no && image && media.image && !/svg/.test(typeOf(file))),
  };
}

function add(id, item) {
  set(id, [...trayOf(id), item]);
  if (item.state === "uploading") start(id, item);
}

async function start(id, item) {
  const { key } = item;
  change(id, key, item);
  const run = upload(id, item.file, { kind: item.kind, name: item.name, onProgress: (progress) => change(id, key, { progress }) });
  uploads.set(key, run);
  try {
    change(id, key, { attachment: await run.done, state: "ready", progress: 1 });
  } catch (error) {
    if (error.name === "AbortError") return;
    change(id, key, { state: "failed", words: error.detail || t("The file did not get through. Check the connection.") });
  } finally {
    uploads.delete(key);
  }
}

function refusalWords({ reason, limit, kind }, file, channel) {
  const name = channelName(channel);
  if (reason === "size") {
    return t("{size}: {channel} takes {kinds} up to {max}.", { size: sizeWords(file.size), channel: name, kinds: fileKinds(kind), max: sizeWords(limit.max_bytes) });
  }
  const takes = limit ? list(namesOf(limit.mime_types)) : "";
  if (!takes) return t("{channel} does not take this kind of file.", { channel: name });
  return t("{channel} takes {kinds} only as {types}.", { channel: name, kinds: fileKinds(kind), types: takes });
}

const NAMES = { jpeg: "JPEG", png: "PNG", gif: "GIF", webp: "WebP", mp4: "MP4", "3gpp": "3GP", quicktime: "MOV", webm: "WebM", ogg: "OGG",
  aac: "AAC", amr: "AMR", mpeg: "MP3", wav: "WAV", pdf: "PDF", plain: "TXT" };

/** "image/jpeg" → "JPEG"; the office's long ones under one name. */
export function namesOf(types) {
  const named = types.map((type) => NAMES[type.split("/")[1]] ?? (/officedocument|ms-?|word/.test(type) ? "Office" : endingOf(`.${type.split("/")[1]}`)));
  return [...new Set(named.filter(Boolean))];
}

function forget({ preview }) {
  if (preview?.startsWith("blob:")) URL.revokeObjectURL(preview);
}

function change(id, key, patch) {
  set(id, trayOf(id).map((item) => (item.key === key ? { ...item, ...patch } : item)));
}

function set(id, items) {
  trays.value = { ...trays.value, [id]: items };
}
