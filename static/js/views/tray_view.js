import { html } from "htm/preact";
import { endingOf, sizeWords } from "../lib/files.js";
import { number } from "../lib/format.js";
import { t } from "../lib/i18n.js";
import { again, makeFit, remove } from "../lib/tray.js";
import { Icon } from "./icon.js";
import { Parts } from "./said.js";

const ICONS = { image: "image", video: "play", audio: "sound", document: "file", sticker: "image" };

/** What goes out with the reply: seen before it is sent, with its progress, and taken out again. */
export function Tray({ id, items, limits, channel }) {
  if (items.length === 0) return null;
  return html`<ul class="tray" aria-label=${t("Files for this reply")}>
    ${items.map((item) => html`<${Item} key=${item.key} id=${id} item=${item} onFit=${() => makeFit(id, item.key, { media: limits.media, channel })} />`)}</ul>`;
}

function Item({ id, item, onFit }) {
  const { key, state, name } = item;
  const wrong = state === "refused" || state === "failed";
  const off = state === "uploading" ? t("Call off {name}", { name }) : t("Take out {name}", { name });
  return html`<li class="tray-item" data-state=${state} data-tone=${wrong ? "failed" : null}>
    ${item.preview ? html`<img class="tray-picture" src=${item.preview} alt="" />` : html`<span class="tray-picture"><${Icon} name=${item.voice ? "voice" : ICONS[item.kind] ?? "file"} /></span>`}
    <span class="tray-words"><strong class="cut" dir="auto" title=${name}>${name || t("File")}</strong>
      ${wrong ? html`<span role="alert">${item.words}</span>` : html`<span class="quiet">${about(item)}</span>`}
      ${state === "uploading" && html`<progress max="1" value=${item.progress} aria-label=${t("Uploading {name}", { name })}></progress>`}
      ${(item.shrinks && state === "refused") && html`<button type="button" class="link-button" onClick=${onFit}>${t("Make it fit")}</button>`}
      ${state === "failed" && html`<button type="button" class="link-button" onClick=${() => again(id, key)}>${t("Try again")}</button>`}</span>
    <button type="button" class="button button-quiet button-icon" aria-label=${off} title=${off} onClick=${() => remove(id, key)}><${Icon} name="close" /></button>
  </li>`;
}

function about({ state, progress, size, name }) {
  if (state === "uploading") return progress < 1 ? t("{count} % uploaded", { count: number(Math.round(progress * 100)) }) : t("Being checked…");
  return html`<${Parts} parts=${[endingOf(name), size ? sizeWords(size) : ""].filter(Boolean)} />`;
}
