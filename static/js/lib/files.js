/** Files as people and channels measure them. Pure. */
import { locale, number, t } from "./i18n.js";

const KB = 1000;
const MB = 1_000_000;
const FAMILIES = [["image", /^image\//], ["video", /^video\//], ["audio", /^audio\//]];
// Browsers call these otherwise than the channels do.
const SAME = { "audio/x-m4a": "audio/mp4", "audio/m4a": "audio/mp4", "audio/mp3": "audio/mpeg", "audio/x-wav": "audio/wav",
  "audio/wave": "audio/wav", "image/jpg": "image/jpeg", "image/pjpeg": "image/jpeg" };

/** "640 KB", "5 MB", "1.3 MB" */
export function sizeWords(bytes) {
  if (bytes < MB) return t("{count} KB", { count: number(Math.max(1, Math.round(bytes / KB))) });
  return t("{count} MB", { count: new Intl.NumberFormat(locale, { maximumFractionDigits: 1 }).format(bytes / MB) });
}

/** "0:07", "12:40" */
export function lengthWords(seconds) {
  const whole = Math.max(0, Math.floor(Number.isFinite(seconds) ? seconds : 0));
  return `${number(Math.floor(whole / 60))}:${new Intl.NumberFormat(locale, { minimumIntegerDigits: 2 }).format(whole % 60)}`;
}

/** "PDF", "DOCX"; nothing for what has no name that says so. */
export function endingOf(name) {
  const found = /\.([\p{L}\p{N}]{1,5})$/u.exec(name ?? "");
  return found ? found[1].toUpperCase() : "";
}

export function typeOf(file) {
  const type = (file.type || "").split(";")[0].toLowerCase();
  return SAME[type] ?? type;
}

/** How a file is sent: as what it is where the channel takes that, else as a document. `media`: the channel's limits. */
export function kindOf(file, media) {
  const type = typeOf(file);
  const family = FAMILIES.find(([kind, pattern]) => pattern.test(type) && takes(media[kind], type));
  return family ? family[0] : "document";
}

/** Why this channel would not take it as this kind: {reason: "type"|"size", limit} or null. */
export function refusal(file, kind, media) {
  const limit = media[kind];
  if (!limit || !takes(limit, typeOf(file))) {
    // A photo in a form the channel does not know is told by what photos it takes.
    const wished = FAMILIES.find(([, pattern]) => pattern.test(typeOf(file)))?.[0];
    return { reason: "type", limit: media[wished] ?? limit ?? null, kind: wished ?? kind };
  }
  return file.size > limit.max_bytes ? { reason: "size", limit, kind } : null;
}

/** What a file dialog should offer. */
export function acceptOf(media) {
  const all = Object.values(media);
  return all.some((limit) => limit.mime_types.length === 0) ? "" : all.flatMap((limit) => limit.mime_types).join(",");
}

function takes(limit, type) {
  return Boolean(limit) && (limit.mime_types.length === 0 || limit.mime_types.includes(type));
}
