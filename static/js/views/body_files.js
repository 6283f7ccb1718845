import { html } from "htm/preact";
import { useState } from "preact/hooks";
import { endingOf, lengthWords, sizeWords } from "../lib/files.js";
import { t } from "../lib/i18n.js";
import { kindName } from "../lib/words.js";
import { AudioPlayer } from "./audio_player.js";
import { Icon } from "./icon.js";
import { look } from "./image_viewer.js";
import { Parts } from "./said.js";

const ICONS = { image: "image", video: "play", audio: "voice", document: "file", sticker: "image", undeclared: "image" };

/**
 * The files of a message: shown in place where they are here, said in words where they are not. `from`: who sent them;
 * `except`: those that stand in the card of what was shared.
 */
export function Files({ message, from = "", except = new Set() }) {
  const attachments = message.attachments.filter((one) => !except.has(one));
  if (!attachments.length) return null;
  const seen = attachments.filter((one) => one.state === "stored" && (one.kind === "image" || one.kind === "video"));
  const album = seen.length > 1;
  return html`<div class="files" data-album=${album ? "" : null}>
    ${attachments.map((one) => html`<${File} key=${one.id} file=${one} message=${message} from=${from} />`)}</div>`;
}

/** The picture or film of a story, a post or a reel, where it is here. `alt`: what it is. */
export function SharedFile({ file, alt }) {
  if (file?.state !== "stored") return null;
  return file.kind === "video" ? html`<${Film} file=${file} alt=${alt} />` : html`<${Picture} file=${file} alt=${alt} />`;
}

/** What is to be said of one that is not here; of a mere link nothing, it stands beside this. */
export function SharedNote({ file }) {
  if (file?.state === "waiting") return html`<span class="quiet small" role="status">${t("Being fetched from Meta…")}</span>`;
  return file?.state === "failed" ? html`<span class="quiet small">${file.reason}</span>` : null;
}

function File({ file, message, from }) {
  if (file.state === "waiting") return html`<${Waiting} file=${file} />`;
  if (file.state === "failed") return html`<${NotHere} file=${file} message=${message} />`;
  if (file.kind === "sticker") return html`<${Sticker} file=${file} />`;
  if (file.kind === "image") return html`<${Picture} file=${file} from=${from} />`;
  if (file.kind === "video") return html`<${Film} file=${file} />`;
  if (file.kind === "audio") return html`<${AudioPlayer} file=${file} from=${from} />`;
  return html`<${Paper} file=${file} />`;
}

function Picture({ file, from = "", alt = "" }) {
  const [broken, setBroken] = useState(false);
  if (broken) return html`<${Paper} file=${file} />`;
  const words = alt || (from ? t("Photo from {name}", { name: from }) : t("Photo"));
  return html`<button type="button" class="picture" aria-label=${t("{what}: open it large", { what: words })} onClick=${() => look(file.id)}>
    <img src=${file.thumbnail ?? file.url} alt=${words} loading="lazy" decoding="async" style=${shape(file)} onError=${() => setBroken(true)} /></button>`;
}

function Film({ file, alt = "" }) {
  const [broken, setBroken] = useState(false);
  if (broken) return html`<${Paper} file=${file} words=${t("The browser cannot play this video.")} />`;
  return html`<div class="film"><video controls preload=${file.thumbnail ? "none" : "metadata"} poster=${file.thumbnail} src=${file.url} style=${shape(file)}
    playsinline aria-label=${alt || t("Video")} onError=${() => setBroken(true)}></video>
    ${file.duration_seconds > 0 && html`<span class="film-length"><${Icon} name="play" />${lengthWords(file.duration_seconds)}</span>`}</div>`;
}

function Sticker({ file }) {
  return html`<img class="sticker" src=${file.url} alt=${t("Sticker")} loading="lazy" style=${file.width ? shape(file) : null} />`;
}

/** A document, or a file no browser shows: what it is, how large, and the way to have it. */
function Paper({ file, words = "" }) {
  const name = file.name || t("File");
  const about = [endingOf(file.name), file.size ? sizeWords(file.size) : "", words].filter(Boolean);
  return html`<a class="paper" href=${`${file.url}?download=1`} download=${file.name ?? ""}>
    <span class="paper-icon"><${Icon} name=${ICONS[file.kind] ?? "file"} /></span>
    <span class="paper-words"><strong class="break" dir="auto">${name}</strong><span class="quiet small"><${Parts} parts=${about} /></span></span>
    <${Icon} name="download" label=${t("Download")} /></a>`;
}

function Waiting({ file }) {
  return html`<div class="unshown file-waiting" role="status"><${Icon} name=${ICONS[file.kind] ?? "file"} />
    <span><strong>${fileName(file)}</strong><small>${t("Being fetched from Meta…")}</small></span></div>`;
}

function NotHere({ file, message }) {
  const once = message.kind === "view_once";
  return html`<div class="unshown" data-tone=${once ? null : "due-soon"}><${Icon} name=${once ? "once" : "file-missing"} />
    <span><strong>${once ? kindName(message) : t("{what}: not here", { what: fileName(file) })}</strong>
      <small>${once ? t("Meta does not hand these out.") : file.reason || t("The file could not be had.")}</small></span></div>`;
}

function fileName(file) {
  const kind = { image: t("Photo"), video: t("Video"), audio: file.voice ? t("Voice message") : t("Sound"), document: t("Document"), sticker: t("Sticker"), undeclared: t("Photo or video") }[file.kind];
  return file.name || kind || t("File");
}

/** Room is kept before the picture is there, so that nothing jumps. */
function shape({ width, height }) {
  return width && height ? { aspectRatio: `${width} / ${height}`, "--wide": String(Math.max(0.6, Math.min(1.9, width / height))) } : null;
}
