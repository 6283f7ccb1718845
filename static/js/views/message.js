import { html } from "htm/preact";
import { useRef, useState } from "preact/hooks";
import { authorName } from "../lib/authors.js";
import { clockTime, fullTime } from "../lib/format.js";
import { t } from "../lib/i18n.js";
import { showAttempts } from "./attempts_dialog.js";
import { EarlierWords, EditedMark } from "./earlier_words.js";
import { Icon } from "./icon.js";
import { MessageBody } from "./message_body.js";
import { MarksAbove, MarksBelow } from "./message_marks.js";
import { hasMenu, MessageMenu } from "./message_menu.js";
import { Quote, QuoteGone } from "./message_quote.js";
import { MessageTools } from "./message_tools.js";
import { MessageTrouble } from "./message_trouble.js";
import { ReactionChips } from "./reaction_chips.js";
import { Sign, Words } from "./said.js";
import { Ticks } from "./ticks.js";
import { useTouch } from "./touch.js";

// These are their own frame.
const BARE = new Set(["sticker"]);

/**
 * One bubble: the customer at the start side, ours at the end. `from`: the customer's name; `quotedMessage`: what it
 * answers, where that is here; `onReply` quotes it; `reactions`: {allowed} where one may react; `mayAct` allows retry, discard.
 */
export function Message({ message, first, last, from = "", quotedMessage = null, onReply = null, reactions = null, mayAct = false }) {
  const { author, status } = message;
  const [opened, setOpened] = useState(null);
  const root = useRef(null);
  const gone = Boolean(message.revoked_at);
  const outbound = message.direction === "outbound";
  const acts = {
    quote: onReply && (message.may?.quote ?? author === "customer") && !gone ? () => onReply(message) : null,
    history: outbound && status ? () => showAttempts(message) : null,
    earlier: !gone && message.earlier?.length ? () => open("earlier") : null,
  };
  const may = reactions && message.may?.react && !gone ? reactions : null;
  const menu = !gone && hasMenu(message, may, acts);
  const open = (part, anchor = null) => setOpened({ part, anchor: anchor ?? root.current.querySelector(".bubble") });
  const touch = useTouch({ onLong: menu ? () => open("menu") : null, onPull: acts.quote });
  const onKeyDown = (event) => {
    const asks = event.key === "Enter" || event.key === "ContextMenu" || (event.key === "F10" && event.shiftKey);
    if (event.target !== root.current || !asks || !menu) return;
    event.preventDefault();
    event.stopPropagation();
    open("menu");
  };
  const file = message.attachments?.[0];
  const bare = !gone && BARE.has(message.kind) && file?.state === "stored" && !message.text && !message.reply_to;
  return html`<article ref=${root} class="message" id=${`message-${message.id}`} tabindex="-1" data-author=${author} data-side=${sideOf(message)}
      data-status=${status} data-first=${first ? "" : null} data-last=${last ? "" : null} data-kind=${message.kind} data-gone=${gone ? "" : null}
      data-reacted=${message.reactions?.length ? "" : null} onKeyDown=${onKeyDown}>
    <${Heading} message=${message} shown=${first && author !== "customer"} />
    <div class="bubble" data-bare=${bare ? "" : null} ...${touch}>
      ${gone ? html`<${TakenBack} message=${message} />` : html`
        <${MarksAbove} message=${message} />
        ${message.reply_to ? html`<${Quote} quoted=${message.reply_to} source=${quotedMessage} conversationId=${message.conversation_id} from=${from} />`
          : message.direction === "inbound" && message.body?.reply_to && html`<${QuoteGone} />`}
        <${MessageBody} message=${message} from=${outbound ? "" : from} />
        <${MarksBelow} message=${message} />`}
      <span class="message-foot">
        ${message.edited_at && !gone && html`<${EditedMark} message=${message} opened=${opened?.part === "earlier"} onOpen=${(anchor) => open("earlier", anchor)} />`}
        <time datetime=${message.at} title=${fullTime(message.at)}>${clockTime(message.at)}</time>
        <${Ticks} status=${status} />
      </span>
      ${menu && html`<${MessageTools} may=${may} quote=${acts.quote} opened=${opened} onOpen=${open} />`}
    </div>
    <${ReactionChips} message=${message} mayReact=${Boolean(may)} from=${from} />
    ${opened?.part === "earlier" && html`<${EarlierWords} message=${message} anchor=${opened.anchor} onClose=${() => setOpened(null)} />`}
    ${opened && opened.part !== "earlier" && html`<${MessageMenu} message=${message} opened=${opened} reactions=${may} acts=${acts} onClose=${() => setOpened(null)} />`}
    <${MessageTrouble} message=${message} mayAct=${mayAct} />
  </article>`;
}

/** A reply of mine the server has not confirmed yet. */
export function PendingMessage({ entry, first, last, from = "" }) {
  return html`<article class="message" data-author="advisor" data-side="end" data-status=${entry.state}
      data-first=${first ? "" : null} data-last=${last ? "" : null}>
    <div class="bubble">
      ${entry.reply_to && html`<${Quote} quoted=${entry.reply_to} conversationId=${entry.conversation_id} from=${from} />`}
      ${entry.shown ? html`<${MessageBody} message=${{ direction: "outbound", body: {}, text: "", attachments: [], ...entry.shown }} />` : html`<${Words} text=${entry.text} />`}
      <span class="message-foot"><time datetime=${entry.at}>${clockTime(entry.at)}</time><${Ticks} status="queued" /></span>
    </div>
    ${entry.state === "waiting" && html`<p class="message-trouble" data-tone="due-soon"><${Icon} name="offline" />
      <span>${t("No connection. It goes out by itself as soon as there is one.")}</span></p>`}
  </article>`;
}

function TakenBack({ message }) {
  const words = message.direction === "inbound" ? t("Taken back by the customer") : t("Taken back on the business phone");
  return html`<${Sign} icon="taken-back">${words} <time datetime=${message.revoked_at} title=${fullTime(message.revoked_at)}>${clockTime(message.revoked_at)}</time><//>`;
}

function Heading({ message, shown }) {
  const who = authorName(message);
  if (!shown) return html`<h4 class="unseen">${who}</h4>`;
  return html`<h4 class="message-author">${message.author === "bot" && html`<${Icon} name="bot" />`}<bdi>${who}</bdi></h4>`;
}

function sideOf(message) {
  return message.direction === "inbound" ? "start" : "end";
}
