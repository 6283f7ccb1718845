import { html } from "htm/preact";
import { t } from "../lib/i18n.js";
import { kindName } from "../lib/words.js";
import { Appointment, CallPermission, FormAnswers, LeadAnswers } from "./body_answers.js";
import { Files } from "./body_files.js";
import { Order, Product } from "./body_goods.js";
import { People } from "./body_people.js";
import { Place } from "./body_place.js";
import { Buttons, Cards, Choices, LinkButton, SentTemplate } from "./body_sent.js";
import { Comment, Link, Shared, SharedTemplate, Story } from "./body_shared.js";
import { Icon } from "./icon.js";
import { Sign, Words } from "./said.js";

// Pressed or chosen rather than written.
const PRESSED = new Set(["button", "button_reply", "list_reply", "postback", "quick_reply", "interactive"]);
// Their words only repeat what their card shows.
const NAMED = new Set(["location", "contacts"]);
const SIGNS = { welcome: "wave", call: "call", referral: "ad", handover: "transfer" };

/** What was said, by kind; then the words beside it. */
export function MessageBody({ message, from = "" }) {
  const { body = {}, kind, text, attachments = [] } = message;
  if (kind === "choices") return html`<${Choices} body=${body} text=${text} />`;
  if (kind === "template" && message.direction === "outbound") return html`<${SentTemplate} message=${message} />`;
  if (kind === "link") return html`<${LinkButton} body=${body} text=${text} />`;
  if (kind === "buttons") return html`<${Buttons} body=${body} text=${text} />`;
  if (kind === "cards") return html`<${Cards} cards=${body.cards ?? []} />`;
  if (kind === "unsupported") return html`<${Unsupported} body=${body} />`;
  if (kind === "unknown") return html`<${NotShown} icon="unsure" title=${kindName(message)} words=${t("It is kept, and can be shown by a later version.")} />`;
  if (kind === "ask_location") return html`<${Words} text=${text} /><ul class="options"><li><${Icon} name="place" />${t("Send location")}</li></ul>`;
  if (kind === "ask_contact") return html`<${Words} text=${text} /><ul class="options"><li><${Icon} name="call" />${t("Share phone number")}</li></ul>`;
  const cards = inCards(message);
  const things = thingsOf(message, from);
  const bare = !text && !things && attachments.length === 0 && !message.referral;
  const words = text && !NAMED.has(kind) && text !== attachments[0]?.name ? text : "";
  return html`${PRESSED.has(kind) && html`<${Sign} icon="check">${kindName(message)}<//>`}
    ${things}
    ${attachments.length > 0 && html`<${Files} message=${message} from=${from} except=${cards} />`}
    ${words && html`<${Words} text=${words} />`}
    ${body.description && html`<p class="quiet small" dir="auto">${body.description}</p>`}
    ${(body.others ?? []).map((other, index) => html`<${Other} key=${index} other=${other} file=${attachments[other.file]} />`)}
    ${bare && kind !== "text" && html`<${Sign} icon=${SIGNS[kind] ?? "info"}>${kindName(message)}<//>`}
    ${bare && kind === "text" && !body.missing && html`<${Sign} icon="info">${t("A message without words.")}<//>`}`;
}

/** The part that is neither a file nor words. */
function thingsOf({ kind, body = {}, text, direction, attachments = [] }, from) {
  const ours = direction === "outbound";
  const parts = [
    (body.location || kind === "location") && html`<${Place} place=${body.location ?? body} text=${text} />`,
    body.contacts && html`<${People} people=${body.contacts} />`,
    body.order && html`<${Order} order=${body.order} />`,
    body.form && html`<${FormAnswers} form=${body.form} />`,
    body.lead && html`<${LeadAnswers} lead=${body.lead} />`,
    body.call_permission && html`<${CallPermission} answer=${body.call_permission} />`,
    body.appointment && html`<${Appointment} appointment=${body.appointment} />`,
    body.story && html`<${Story} kind=${kind} story=${body.story} file=${attachments[storyPlace(body.story, kind)]} />`,
    body.post && html`<${Shared} kind="post" thing=${body.post} file=${attachments[body.post.file]} />`,
    body.reel && html`<${Shared} kind="reel" thing=${body.reel} file=${attachments[body.reel.file]} />`,
    kind === "product" && (body.products ?? [body.product]).filter(Boolean).map((one, index) => html`<${Product} key=${index} product=${one} />`),
    !ours && kind === "template" && body.template && html`<${SharedTemplate} template=${body.template} />`,
    body.link && html`<${Link} link=${body.link} />`,
    body.comment && html`<${Comment} comment=${body.comment} />`,
    body.call && html`<${Sign} icon="call">${callWords(body.call, from)}<//>`,
  ].filter(Boolean).flat();
  return parts.length ? parts : null;
}

/** The files that stand in a card, with what they are of. */
function inCards({ kind, body = {}, attachments = [] }) {
  const places = [storyPlace(body.story, kind), body.post?.file, body.reel?.file, ...(body.others ?? []).map((other) => other.file)];
  return new Set(places.map((place) => attachments[place]).filter(Boolean));
}

/** A mention that was kept before this was said had one file, its own. */
function storyPlace(story, kind) {
  return story?.file ?? (kind === "story_mention" ? 0 : -1);
}

function Unsupported({ body }) {
  return html`<${NotShown} icon="unsure" title=${t("A message Meta does not pass on")}
    words=${body.unsupported?.reason || t("Ask the customer to send it another way.")} />`;
}

/** Said by its name, never guessed at. */
function NotShown({ icon, title, words, tone = null }) {
  return html`<div class="unshown" data-tone=${tone}><${Icon} name=${icon} /><span><strong>${title}</strong><small dir="auto">${words}</small></span></div>`;
}

function Other({ other, file }) {
  if (other.kind === "post" || other.kind === "reel") return html`<${Shared} kind=${other.kind} thing=${other} file=${file} />`;
  if (other.kind === "product") return html`<${Product} product=${other} />`;
  if (other.kind === "location") return html`<${Place} place=${other} />`;
  return html`<${Link} link=${{ url: other.url, title: other.title }} />`;
}

function callWords(call, from) {
  if (call.direction === "out") return t("We called {name}", { name: from || t("the customer") });
  return t("{name} called", { name: from || t("The customer") });
}
