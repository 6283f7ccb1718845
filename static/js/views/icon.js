import { html } from "htm/preact";

const sheet = document.querySelector('meta[name="icons"]')?.content ?? "";

/** One of the family in icons.svg; `turns` for arrows that point the other way in Arabic. */
export function Icon({ name, turns = false, label = null }) {
  return html`<svg class=${turns ? "icon icon-turns" : "icon"} role=${label ? "img" : null} aria-label=${label}
    aria-hidden=${label ? null : "true"}><use href=${`${sheet}#${name}`} /></svg>`;
}
