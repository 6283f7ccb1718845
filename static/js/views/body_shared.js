/** What was passed on from elsewhere: stories, posts, reels, links, cards. Nothing of it is fetched from elsewhere by this page. */
import { html } from "htm/preact";
import { t } from "../lib/i18n.js";
import { SharedFile, SharedNote } from "./body_files.js";
import { Icon } from "./icon.js";
import { hostOf, Outside, Sign } from "./said.js";

/** `file`: the story's picture or film. */
export function Story({ kind, story, file }) {
  const mention = kind === "story_mention";
  const here = file?.state === "stored";
  const gone = mention ? t("The story is not kept here. Stories are gone after a day.") : t("Stories are gone after a day.");
  return html`<${Sign} icon="story">${mention ? t("Mentioned us in their story") : t("Answered our story")}<//>
    <div class="card card-row" data-kept=${here ? "" : null}>${!here && html`<${Icon} name="story" />`}<div class="card-body">
      <${SharedFile} file=${file} alt=${mention ? t("Their story") : t("Our story")} />
      ${(!file || file.state === "link") && html`<span class="quiet">${gone}</span>`}<${SharedNote} file=${file} />
      <${Outside} url=${story.url}>${t("Open the story")}<//></div></div>`;
}

/** `file`: its picture or film. */
export function Shared({ kind, thing, file }) {
  const reel = kind === "reel";
  const here = file?.state === "stored";
  return html`<div class="card card-row" data-kept=${here ? "" : null}>${!here && html`<${Icon} name=${reel ? "play" : "image"} />`}<div class="card-body">
    <${SharedFile} file=${file} alt=${thing.title || (reel ? t("Reel") : t("Post"))} />
    <span class="quiet small">${reel ? t("Shared a reel") : t("Shared a post")}</span>
    ${thing.title && html`<strong class="break cut-3" dir="auto">${thing.title}</strong>`}
    <${SharedNote} file=${file} /><${Outside} url=${thing.url}>${reel ? t("Open the reel") : t("Open the post")}<//></div></div>`;
}

export function Link({ link }) {
  if (!link.url && !link.title) return null;
  return html`<div class="card card-row"><${Icon} name="link" /><div class="card-body">
    ${link.title && html`<strong class="break cut-3" dir="auto">${link.title}</strong>`}
    ${link.url ? html`<${Outside} url=${link.url}>${hostOf(link.url) || t("Open the link")}<//>` : html`<span class="quiet">${t("The link did not arrive.")}</span>`}</div></div>`;
}

/** A card of somebody's that the customer sent on. */
export function SharedTemplate({ template }) {
  const { title, text, elements = [], buttons = [] } = template;
  return html`<div class="card"><div class="card-body">
    ${title && html`<strong class="break" dir="auto">${title}</strong>`}
    ${text && html`<span class="break" dir="auto">${text}</span>`}
    ${elements.map((one, index) => html`<div class="card-part" key=${index}><strong class="break" dir="auto">${one.title}</strong>
      ${one.subtitle && html`<span class="quiet break" dir="auto">${one.subtitle}</span>`}<${Outside} url=${one.url}>${hostOf(one.url)}<//></div>`)}
    ${buttons.length > 0 && html`<ul class="options">${buttons.map((one) => html`<li key=${one} dir="auto">${one}</li>`)}</ul>`}
  </div></div>`;
}

/** Said in public, under something of ours. */
export function Comment({ comment }) {
  const about = comment.media?.ad_title;
  return html`<${Sign} icon="globe">${about ? t("Public comment under the ad {title}", { title: about }) : t("Public comment: everybody can read it")}<//>`;
}
