import { html } from "htm/preact";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { t } from "../lib/i18n.js";
import { isLine } from "../lib/kinds.js";
import { loadOlder, markRead } from "../lib/threads.js";
import { firstUnread, timeline } from "../lib/timeline.js";
import { DayBreak, FactLine, NewBelow, Note } from "./asides.js";
import { Icon } from "./icon.js";
import { Message, PendingMessage } from "./message.js";
import { MessageLine } from "./message_line.js";

const NEAR_END = 96;
const NEAR_START = 240;
const STOPS = ".message, .fact-line";

/** The scroll of one thread: opens at the end, stays where the reader is, reads older pages above. */
export function TimelineView({ id, thread, pending, unread, reads, from, onReply, mayAct }) {
  const box = useRef(null);
  const place = useRef({ atEnd: true, height: 0, top: 0 });
  const [below, setBelow] = useState(0);
  const [newFrom] = useState(() => firstUnread(thread.messages, unread));
  const shown = pending.filter((entry) => entry.state !== "refused" && entry.state !== "held");
  const items = useMemo(() => timeline(thread, shown), [thread, pending]);
  const reacts = mayAct && thread.limits?.sends?.includes("reaction");
  const reactions = useMemo(() => (reacts ? { allowed: thread.limits.reactions ?? null } : null), [reacts, thread.limits]);
  const byId = useMemo(() => new Map(thread.messages.map((message) => [message.id, message])), [thread.messages]);
  const oldest = thread.messages[0]?.id;
  const newest = thread.messages.at(-1)?.id;

  useLayoutEffect(() => {
    // Older messages came above: what the reader looks at stays where it is.
    const { scrollHeight } = box.current;
    if (!place.current.atEnd) box.current.scrollTop = place.current.top + scrollHeight - place.current.height;
    place.current = { ...place.current, height: scrollHeight, top: box.current.scrollTop };
  }, [oldest]);

  useLayoutEffect(() => {
    if (place.current.atEnd) box.current.scrollTop = box.current.scrollHeight;
    else if (thread.messages.at(-1)?.direction === "inbound") setBelow((count) => count + 1);
    place.current.height = box.current.scrollHeight;
  }, [newest, items.length, pending.length]);

  useEffect(() => {
    const seen = () => {
      if (reads && unread > 0 && !document.hidden && place.current.atEnd) markRead(id);
    };
    seen();
    document.addEventListener("visibilitychange", seen);
    return () => document.removeEventListener("visibilitychange", seen);
  }, [id, unread, newest, below, reads]);

  useEffect(() => {
    // The box itself changes when the composer grows or the keyboard of a phone opens, what is in it when pictures come.
    const follow = new ResizeObserver(() => place.current.atEnd && toEnd());
    follow.observe(box.current);
    follow.observe(box.current.firstElementChild);
    return () => follow.disconnect();
  }, []);

  const toEnd = () => box.current?.scrollTo({ top: box.current.scrollHeight });
  const onScroll = () => {
    // A scroll told late, after the thread was closed.
    if (!box.current) return;
    const { scrollTop, scrollHeight, clientHeight } = box.current;
    const atEnd = scrollHeight - scrollTop - clientHeight < NEAR_END;
    place.current = { atEnd, height: scrollHeight, top: scrollTop };
    if (atEnd && below) setBelow(0);
    if (scrollTop < NEAR_START && !thread.olderFailed) loadOlder(id);
  };

  return html`<div class="timeline-frame">
    <div class="timeline" ref=${box} onScroll=${onScroll} onKeyDown=${walk} role="log" tabindex="0" aria-label=${t("Messages")}
        aria-live=${thread.readingOlder ? "off" : "polite"}>
      <div class="timeline-inner">
        <${Older} id=${id} thread=${thread} />
        ${items.map((item) => html`<${Item} key=${item.key} item=${item} newFrom=${newFrom} byId=${byId} from=${from}
          onReply=${onReply} reactions=${reactions} mayAct=${mayAct} />`)}
      </div>
    </div>
    ${below > 0 && html`<button type="button" class="button button-primary jump" onClick=${toEnd}>
      <${Icon} name="down" />${t.n("{count} new message", "{count} new messages", below)}</button>`}
  </div>`;
}

/** Up and down from message to message; Enter opens what can be done with one. */
function walk(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const own = event.target === event.currentTarget || event.target.matches(STOPS);
  if (!step || !own || event.altKey || event.ctrlKey || event.metaKey) return;
  const all = [...event.currentTarget.querySelectorAll(STOPS)];
  const here = all.indexOf(document.activeElement);
  const next = here < 0 ? (step < 0 ? all.at(-1) : null) : all[here + step];
  if (!next) return;
  event.preventDefault();
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
}

function Item({ item, newFrom, byId, from, onReply, reactions, mayAct }) {
  if (item.type === "day") return html`<${DayBreak} at=${item.at} />`;
  if (item.type === "fact") return html`<${FactLine} fact=${item.fact} />`;
  if (item.type === "note") return html`<${Note} note=${item.note} />`;
  if (item.type === "pending") return html`<${PendingMessage} entry=${item.entry} first=${item.first} last=${item.last} from=${from} />`;
  const { message, first, last } = item;
  if (isLine(message)) return html`<${MessageLine} message=${message} from=${from} mayAct=${mayAct} />`;
  return html`${newFrom === message.id && html`<${NewBelow} />`}
    <${Message} message=${message} first=${first || newFrom === message.id} last=${last} mayAct=${mayAct} from=${from}
      quotedMessage=${message.reply_to ? byId.get(message.reply_to.id) : null} onReply=${onReply} reactions=${reactions} />`;
}

function Older({ id, thread }) {
  if (!thread.more) {
    return thread.messages.length ? html`<p class="thread-start">${t("The conversation begins here.")}</p>` : null;
  }
  return html`<div class="older">
    ${thread.olderFailed && html`<p class="quiet small">${t("The earlier messages could not be read.")}</p>`}
    <button type="button" class="button button-quiet" aria-busy=${thread.readingOlder ? "true" : null} onClick=${() => loadOlder(id)}>
      ${thread.readingOlder ? t("Reading earlier messages…") : t("Show earlier messages")}</button>
  </div>`;
}
