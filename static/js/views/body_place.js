import { html } from "htm/preact";
import { useState } from "preact/hooks";
import { t } from "../lib/i18n.js";
import { Icon } from "./icon.js";
import { Outside } from "./said.js";

/** A place: named, with its point; the map itself lies outside and is opened by a press. */
export function Place({ place, text = "" }) {
  const known = Number.isFinite(place.latitude) && Number.isFinite(place.longitude);
  const at = known ? `${round(place.latitude)}, ${round(place.longitude)}` : "";
  const name = place.name || (text !== at ? text : "") || "";
  return html`<div class="card place">
    <div class="place-map" aria-hidden="true"><${Icon} name="place" /></div>
    <div class="card-body">
      <strong dir="auto">${name || t("Location")}</strong>
      ${place.address && place.address !== name && html`<span class="quiet" dir="auto">${place.address}</span>`}
      ${known && html`<${Point} at=${at} />`}
      ${!known && html`<span class="quiet">${t("The exact point did not arrive.")}</span>`}
      <span class="row row-wrap">
        ${known && html`<${Outside} url=${`https://maps.google.com/?q=${place.latitude},${place.longitude}`}>${t("Open the map")}<//>`}
        ${place.url && html`<${Outside} url=${place.url}>${t("Website")}<//>`}</span>
    </div>
  </div>`;
}

function Point({ at }) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard?.writeText(at);
    setCopied(true);
    setTimeout(() => setCopied(false), 2000);
  };
  return html`<button type="button" class="copy-line" title=${t("Copy the coordinates")} onClick=${copy}>
    <span dir="ltr">${at}</span><${Icon} name=${copied ? "check" : "copy"} label=${copied ? t("Copied") : t("Copy the coordinates")} /></button>`;
}

function round(value) {
  return Number(value.toFixed(5));
}
