/** Files on the phone's screen: pictures, films, sound, documents. */

import { make, page, t } from "./dom.js";
import { icon } from "./icons.js";

const amount = new Intl.NumberFormat(page.language, { maximumFractionDigits: 1 });

/** `played()` is called when a sound begins for the first time. */
export function mediaElement(line, played) {
  if (!line.media.length) return null;
  const shown = line.media.map((each) => one(each, line, played));
  if (shown.length === 1) return shown[0];
  return make("div", { className: "album" }, ...shown);
}

function one(media, line, played) {
  const { kind, source } = media;
  if (!source) return missing(media);
  if (kind === "sticker") return picture(media, "sticker-image");
  if (kind === "image") return picture(media, "photo");
  if (kind === "video") return film(media);
  if (kind === "audio") return sound(media, line, played);
  return paper(media);
}

function picture(media, className) {
  const image = make("img", { className, src: media.source, alt: t(`kind_${media.kind}`), loading: "lazy", decoding: "async" });
  // A restart forgets what was uploaded.
  image.addEventListener("error", () => image.replaceWith(missing(media)), { once: true });
  if (media.kind === "sticker") return image;
  return make("a", { className: "photo-link", href: media.source, target: "_blank", rel: "noopener" }, image);
}

function film(media) {
  const video = make("video", { className: "photo", src: media.source, controls: true, preload: "metadata", playsInline: true });
  video.setAttribute("aria-label", t("kind_video"));
  return video;
}

function sound(media, line, played) {
  const audio = make("audio", { src: media.source, controls: true, preload: "metadata" });
  audio.setAttribute("aria-label", t(media.voice ? "kind_voice" : "kind_audio"));
  if (line.author === "business") audio.addEventListener("play", played, { once: true });
  return make("div", { className: "sound" }, icon(media.voice ? "voice" : "audio"), audio);
}

function paper(media) {
  const name = media.name || t("unnamed_file");
  const words = make("span", {}, make("strong", { dir: "auto" }, name), make("small", {}, `${kindName(media)} · ${size(media.size)}`));
  return make("a", { className: "paper", href: media.source, download: media.name || "" }, icon("document"), words);
}

function missing(media) {
  const mark = { image: "image", video: "video", audio: "audio", sticker: "sticker" }[media.kind] ?? "document";
  const words = make("span", {}, make("strong", { dir: "auto" }, media.name || t(`kind_${media.kind}`)), make("small", {}, t("not_shown")));
  return make("p", { className: "paper" }, icon(mark), words);
}

function kindName(media) {
  const ending = media.name?.split(".").at(-1);
  return (ending && ending.length <= 5 ? ending : media.mime_type.split("/").at(-1)).toUpperCase();
}

function size(bytes) {
  if (!bytes) return "";
  return bytes < 1_000_000 ? `${amount.format(Math.max(1, bytes / 1000))} kB` : `${amount.format(bytes / 1_000_000)} MB`;
}
