/** What only we send: questions with options, buttons, cards, templates. */
import { html } from "htm/preact";
import { t } from "../lib/i18n.js";
import { Files } from "./body_files.js";
import { Icon } from "./icon.js";
import { hostOf, Outside, Words } from "./said.js";

const BUTTON_ICONS = { quick_reply: "reply", url: "outside", phone_number: "call", copy_code: "copy", flow: "form", catalog: "basket" };

export function Choices({ body, text }) {
  const groups = body.sections?.length ? body.sections : [{ title: "", options: body.options ?? [] }];
  return html`${body.header && html`<strong dir="auto">${body.header}</strong>`}
    <${Words} text=${body.text || text} />
    ${body.button && html`<p class="list-opener"><${Icon} name="list" /><span dir="auto">${body.button}</span></p>`}
    ${groups.map((group, index) => html`<div key=${index}>${group.title && html`<span class="quiet small" dir="auto">${group.title}</span>`}
      <ul class="options" aria-label=${t("Options offered")}>
        ${group.options.map((option) => html`<li key=${option.id} dir="auto">
          <span>${option.title}</span>${option.description && html`<small>${option.description}</small>`}</li>`)}
      </ul></div>`)}
    ${body.footer && html`<span class="quiet small" dir="auto">${body.footer}</span>`}`;
}

/** Words with one button that opens an address. */
export function LinkButton({ body, text }) {
  return html`${body.header && html`<strong dir="auto">${body.header}</strong>`}
    <${Words} text=${body.text || text} />
    <ul class="options"><li>${body.url
      ? html`<${Outside} url=${body.url}><span dir="auto">${body.title || hostOf(body.url)}</span><//> <small dir="ltr">${hostOf(body.url)}</small>`
      : html`<span dir="auto">${body.title}</span>`}</li></ul>
    ${body.footer && html`<span class="quiet small" dir="auto">${body.footer}</span>`}`;
}

export function Buttons({ body, text }) {
  return html`<${Words} text=${body.text || text} /><${ButtonList} buttons=${body.buttons ?? []} />`;
}

export function Cards({ cards }) {
  return html`<ul class="card-strip" aria-label=${t("Cards")} tabindex=${cards.length > 1 ? 0 : null}>
    ${cards.map((card, index) => html`<li class="card" key=${index}>
      ${card.image_url && html`<span class="template-place"><${Icon} name="image" /><${Outside} url=${card.image_url}>${t("Photo")}<//></span>`}
      <div class="card-body">
      <strong class="break" dir="auto">${card.title}</strong>
      ${card.subtitle && html`<span class="quiet break" dir="auto">${card.subtitle}</span>`}
      ${card.url && html`<${Outside} url=${card.url}>${hostOf(card.url)}<//>`}</div>
      <${ButtonList} buttons=${card.buttons ?? []} /></li>`)}</ul>`;
}

/** A template as the customer sees it; the file of its header comes with the message. */
export function SentTemplate({ message }) {
  const preview = message.body?.preview ?? { body: message.text };
  return html`<p class="message-kind"><${Icon} name="template" /><span>${t("Template")}${message.body?.name && html` · <bdi>${message.body.name}</bdi>`}</span></p>
    <${TemplateFace} preview=${preview} file=${message.attachments?.length ? html`<${Files} message=${message} />` : null} />`;
}

/** `file`: what stands in a header of that kind; null shows its place. */
export function TemplateFace({ preview, file = null }) {
  const { header, body = "", footer, buttons = [] } = preview;
  return html`${header?.type === "text" && html`<strong class="template-header" dir="auto">${header.text}</strong>`}
    ${header && header.type !== "text" && (file ?? html`<span class="template-place"><${Icon} name=${placeIcon(header.type)} />${placeName(header.type)}</span>`)}
    <${Words} text=${body} />
    ${footer && html`<span class="quiet small" dir="auto">${footer}</span>`}
    <${ButtonList} buttons=${buttons.map((one) => ({ ...one, title: one.text }))} />`;
}

function ButtonList({ buttons }) {
  if (buttons.length === 0) return null;
  return html`<ul class="options" aria-label=${t("Buttons")}>${buttons.map((button, index) => html`<li key=${index}>
    <span class="row option-words"><${Icon} name=${BUTTON_ICONS[button.type] ?? (button.url ? "outside" : "reply")} /><span dir="auto">${button.title}</span></span>
    ${button.url && html`<small class="break" dir="ltr">${hostOf(button.url) || button.url}</small>`}</li>`)}</ul>`;
}

function placeIcon(type) {
  return { image: "image", video: "play", document: "file", location: "place" }[type] ?? "file";
}

function placeName(type) {
  return { image: t("Photo"), video: t("Video"), document: t("Document"), location: t("Location") }[type] ?? t("File");
}
