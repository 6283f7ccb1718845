/** Photos of the open conversation, one after the other, as large as the window. */
import { signal } from "@preact/signals";
import { html } from "htm/preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { fullTime, number } from "../lib/format.js";
import { dir, t } from "../lib/i18n.js";
import { Icon } from "./icon.js";

/** The id of the photo that is looked at. */
const looked = signal(null);

export function look(id) {
  looked.value = id;
}

/** `messages`: of the thread. The browser keeps the focus in it and gives it back. */
export function ImageViewer({ messages }) {
  const id = looked.value;
  const photos = messages.flatMap((message) => (message.attachments ?? [])
    .filter((file) => file.kind === "image" && file.state === "stored").map((file) => ({ file, message })));
  const place = photos.findIndex(({ file }) => file.id === id);
  useEffect(() => () => (looked.value = null), []);
  if (id === null || place < 0) return null;
  return html`<${Viewer} photos=${photos} place=${place} />`;
}

function Viewer({ photos, place }) {
  const dialog = useRef(null);
  const [large, setLarge] = useState(false);
  const { file, message } = photos[place];
  const move = (step) => {
    const next = photos[place + step];
    if (next) {
      setLarge(false);
      looked.value = next.file.id;
    }
  };
  useEffect(() => {
    const opener = document.activeElement;
    dialog.current.showModal();
    return () => opener?.isConnected && opener.focus();
  }, []);
  const onKeyDown = (event) => {
    const ahead = dir === "rtl" ? -1 : 1;
    const step = { ArrowRight: ahead, ArrowLeft: -ahead, PageDown: 1, PageUp: -1 }[event.key];
    if (step) move(step);
    else if (event.key === "+" || event.key === "-") setLarge(event.key === "+");
    else return;
    event.preventDefault();
  };
  const close = () => (looked.value = null);
  const words = file.name || t("Photo");
  return html`<dialog ref=${dialog} class="viewer" aria-label=${t("Photo, large")} onKeyDown=${onKeyDown}
      onCancel=${(event) => { event.preventDefault(); close(); }}>
    <header class="viewer-head">
      <span class="grow cut"><strong dir="auto">${words}</strong> <time datetime=${message.at}>${fullTime(message.at)}</time></span>
      ${photos.length > 1 && html`<span class="viewer-count" aria-live="polite">${t("{place} of {count}", { place: number(place + 1), count: number(photos.length) })}</span>`}
      <button type="button" class="viewer-button" aria-pressed=${String(large)} aria-label=${t("Full size")} title=${t("Full size")} onClick=${() => setLarge(!large)}><${Icon} name="expand" /></button>
      <a class="viewer-button" href=${`${file.url}?download=1`} download=${file.name ?? ""} aria-label=${t("Download")} title=${t("Download")}><${Icon} name="download" /></a>
      <button type="button" class="viewer-button" aria-label=${t("Close")} title=${t("Close")} autofocus onClick=${close}><${Icon} name="close" /></button>
    </header>
    <div class="viewer-stage" data-large=${large ? "" : null} tabindex=${large ? 0 : -1} onClick=${(event) => event.target === event.currentTarget && close()}>
      <img key=${file.id} src=${file.url} alt=${message.text || words} onClick=${() => setLarge(!large)} /></div>
    ${message.text && html`<p class="viewer-words" dir="auto">${message.text}</p>`}
    ${place > 0 && html`<button type="button" class="viewer-button viewer-step" data-side="start" aria-label=${t("The photo before")} onClick=${() => move(-1)}><${Icon} name="back" turns=${true} /></button>`}
    ${place < photos.length - 1 && html`<button type="button" class="viewer-button viewer-step" data-side="end" aria-label=${t("The next photo")} onClick=${() => move(1)}><${Icon} name="next" turns=${true} /></button>`}
  </dialog>`;
}
