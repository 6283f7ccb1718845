import { signal } from "@preact/signals";
import { html } from "htm/preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { isIdle, isTyping } from "../lib/dom.js";
import { countdown } from "../lib/format.js";
import { t } from "../lib/i18n.js";
import { bindKey } from "../lib/keys.js";
import { acceptOffer, announceOffer, declineOffer } from "../lib/offers.js";
import { conversationPath, go, place } from "../lib/place.js";
import { state } from "../lib/store.js";
import { dropTyped, typeAhead } from "../lib/type_ahead.js";
import { now } from "../lib/time.js";
import { channelName, priorityName } from "../lib/words.js";
import { Avatar } from "./avatar.js";
import { DeclineReasons } from "./decline_reasons.js";
import { Icon } from "./icon.js";
import { TimeRing } from "./time_ring.js";

// A key pressed as the sheet slides in was meant for something else.
const SETTLE_MS = 500;
const NOTABLE_MS = 10_000;

const small = matchMedia("(max-width: 699px)");
const narrow = signal(small.matches);
small.addEventListener("change", () => (narrow.value = small.matches));

const PRIORITIES = ["urgent", "high", "normal", "low"];

/** The offers made to me, the most pressing in front, then the first to expire. */
export function OfferSheet() {
  const open = state.value.offers
    .filter((offer) => Date.parse(offer.expires_at) > now.value)
    .sort((a, b) => rank(a) - rank(b) || Date.parse(a.expires_at) - Date.parse(b.expires_at));
  const shown = useRef(null);
  const replaces = shown.current !== null && shown.current !== open[0]?.id;
  useEffect(() => {
    shown.current = open[0]?.id ?? null;
  }, [open[0]?.id]);
  if (open.length === 0) return html`<div class="offers"></div>`;
  return html`<div class="offers">
    <${Sheet} key=${open[0].id} offer=${open[0]} behind=${open.slice(1)} replaces=${replaces} />
  </div>`;
}

function rank(offer) {
  return PRIORITIES.indexOf(offer.conversation.priority);
}

/** `replaces`: another offer stood here a moment ago. */
function Sheet({ offer, behind, replaces }) {
  const sheet = useRef(null);
  const since = useRef(performance.now());
  // Fixed as it came: a key pressed just now was meant for the one before.
  const [replaced] = useState(replaces);
  const unsettled = () => performance.now() - since.current < SETTLE_MS;
  const [declining, setDeclining] = useState(false);
  const [busy, setBusy] = useState(false);
  const [unfolded, setUnfolded] = useState(false);
  // Beside an open conversation a phone has room for one line only; a press on the name shows the rest.
  const folds = narrow.value && place.value.base === "inbox" && place.value.conversationId !== null;
  const folded = folds && !unfolded && !declining;
  const { conversation } = offer;
  const { contact } = conversation;
  const name = contact.name || t("No name given");

  const accept = async () => {
    if (busy) return;
    setBusy(true);
    // The next key is already meant for this customer; a draft of another conversation is kept.
    typeAhead(conversation.id, contact.name);
    const id = await acceptOffer(offer);
    if (id) go(conversationPath(id, "mine"));
    else dropTyped();
  };
  const decline = (reason) => declineOffer(offer, reason);

  useEffect(() => {
    announceOffer(offer);
    if (isIdle() && !isTyping()) sheet.current.focus({ preventScroll: true });
  }, []);
  useLayoutEffect(() => {
    const unbind = [
      bindKey("a", () => void ((replaced && unsettled()) || accept()), { alt: true, overModal: true, words: t("Accept the offer") }),
      bindKey("d", () => setDeclining(true), { alt: true, words: t("Decline the offer") }),
    ];
    return () => unbind.forEach((undo) => undo());
  }, [busy]);

  const onKeyDown = (event) => {
    if (event.target !== sheet.current || unsettled()) return;
    if (event.key === "Enter") accept();
    else if (event.key.toLowerCase() === "d" || event.code === "KeyD") setDeclining(true);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return html`<section class="offer" ref=${sheet} role="dialog" aria-modal="false" aria-labelledby="offer-title" aria-describedby="offer-wants"
      tabindex="-1" data-priority=${conversation.priority} data-folded=${folded ? "" : null} onKeyDown=${onKeyDown}>
    <p class="unseen" role="alert">${t("New offer: {name}, {sector}. Alt+A accepts.", { name: contact.name, sector: conversation.sector_name })}</p>
    <header class="offer-head">
      ${!folded && html`<${Avatar} name=${contact.name} channel=${conversation.channel} />`}
      <div class="grow">
        <h2 id="offer-title" class="cut" dir="auto">${folds && !declining
          ? html`<button type="button" class="offer-fold cut" dir="auto" aria-expanded=${String(!folded)} onClick=${() => setUnfolded(folded)}>${name}</button>`
          : name}</h2>
        ${!folded && html`<p class="quiet small">${conversation.sector_name} · ${channelName(conversation.channel)}</p>`}
      </div>
      ${folds && !declining && html`<${Icon} name="down" />`}
      <${TimeRing} from=${offer.offered_at} to=${offer.expires_at} />
    </header>
    <blockquote id="offer-wants" class="offer-wants cut-3" dir="auto" hidden=${folded}>${offer.wants || t("No words yet")}</blockquote>
    <ul class="offer-facts" hidden=${folded}>
      ${offer.why && html`<li><${Icon} name="person" /><span>${t("Why you")}: <bdi>${offer.why}</bdi></span></li>`}
      <li><${Icon} name="alert" /><span>${t("Priority: {name}", { name: priorityName(conversation.priority) })}</span></li>
      ${now.value - Date.parse(conversation.waiting_since) > NOTABLE_MS && html`<li><${Icon} name="clock" /><span>${t("Waiting for {time}", { time: countdown(now.value - Date.parse(conversation.waiting_since)) })}</span></li>`}
    </ul>
    ${declining
      ? html`<${DeclineReasons} onDecline=${decline} onCancel=${() => { setDeclining(false); sheet.current.focus(); }} />`
      : html`<div class="offer-acts">
        <button type="button" class="button button-primary offer-accept" aria-busy=${busy ? "true" : null} onClick=${accept}>
          ${t("Accept")} <kbd aria-hidden="true">Alt A</kbd></button>
        <button type="button" class="button" onClick=${() => setDeclining(true)}>${t("Decline")}</button>
      </div>`}
    ${behind.length > 0 && !folded && html`<p class="offer-more quiet small">
      ${t.n("{count} more offer behind this one", "{count} more offers behind this one", behind.length)}
      ${behind.some((one) => one.conversation.priority === "urgent") && html` · <strong>${priorityName("urgent")}</strong>`}</p>`}
  </section>`;
}
