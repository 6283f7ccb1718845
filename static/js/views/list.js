import { useComputed } from "@preact/signals";
import { html } from "htm/preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { number } from "../lib/format.js";
import { t } from "../lib/i18n.js";
import { bindKey } from "../lib/keys.js";
import { conversationPath, go, listPath, place } from "../lib/place.js";
import { isMine, myConversations } from "../lib/select.js";
import { state } from "../lib/store.js";
import { typeAhead } from "../lib/type_ahead.js";
import { compose } from "./composing.js";
import { ConversationRow } from "./conversation_row.js";
import { NoConversations } from "./empty.js";
import { NoticeMenu } from "./notice_menu.js";
import { MissedOffer } from "./presence_switch.js";
import { ResolvedList } from "./resolved_list.js";
import { useSteadyOrder } from "./steady.js";
import { Windowed } from "./windowed.js";

/** The first pane: mine, or what I finished. */
export function List() {
  const { view } = place.value;
  const count = useComputed(() => myConversations(state.value).length).value;
  return html`
    <header class="pane-head"><h2 class="grow">${t("Inbox")}</h2><${NoticeMenu} /></header>
    <nav class="list-views" aria-label=${t("Which conversations")}>
      <${View} name="mine" words=${t("Mine")} count=${count} />
      <${View} name="resolved" words=${t("Resolved")} />
    </nav>
    <${MissedOffer} />
    ${view === "resolved" ? html`<${ResolvedList} open=${openRow} />` : html`<${Mine} />`}`;
}

/** A plain click stays in the page, and what is typed next is the reply; with a modifier it is a link like any other. */
export function openRow(event, id) {
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.button > 0) return;
  event.preventDefault();
  const summary = state.value.conversations[id];
  const mine = isMine(state.value, summary);
  if (mine && place.value.conversationId === id) return compose("reply");
  if (mine) typeAhead(id, summary.contact.name);
  go(conversationPath(id));
}

function View({ name, words, count = null }) {
  const current = place.value.view === name;
  const open = (event) => {
    event.preventDefault();
    go(listPath(name));
  };
  return html`<a href=${listPath(name)} aria-current=${current ? "page" : null} onClick=${open}>${words}
    ${count !== null && html` <span class="figure quiet">${number(count)}</span>`}</a>`;
}

function Mine() {
  const items = useComputed(() => myConversations(state.value)).value;
  const current = place.value.conversationId;
  const box = useRef(null);
  const [held, setHeld] = useState(false);
  const [cursor, setCursor] = useState(current);
  // Keys come faster than the screen is drawn: the next one goes on from here.
  const at = useRef(current);
  const [rowHeight, setRowHeight] = useState(88);
  const { shown, news, apply } = useSteadyOrder(items, held, current);
  useEffect(() => {
    at.current = current;
    setCursor(current);
  }, [current]);
  useLayoutEffect(() => {
    const row = box.current.querySelector(".conversation");
    if (row?.offsetHeight) setRowHeight(row.offsetHeight);
  }, [shown.length > 0]);

  const focusRow = (id, index) => {
    const top = index * rowHeight;
    const { scrollTop, clientHeight } = box.current;
    if (top < scrollTop || top + rowHeight > scrollTop + clientHeight) box.current.scrollTop = Math.max(0, top - clientHeight / 3);
    at.current = id;
    setCursor(id);
    // At once where the row is drawn, so that Enter right after means this one; else when it is.
    const link = () => box.current?.querySelector(`[data-id="${id}"] a`);
    if (link()) link().focus({ preventScroll: true });
    else requestAnimationFrame(() => link()?.focus({ preventScroll: true }));
  };
  const move = (step) => {
    if (shown.length === 0) return;
    const now = shown.findIndex((summary) => summary.id === at.current);
    const next = now < 0 ? 0 : Math.min(shown.length - 1, Math.max(0, now + step));
    focusRow(shown[next].id, next);
  };
  useLayoutEffect(() => {
    const unbind = [
      bindKey("j", () => move(1), { words: t("Next conversation") }),
      bindKey("k", () => move(-1), { words: t("Previous conversation") }),
      bindKey("arrowdown", () => inList() && move(1)),
      bindKey("arrowup", () => inList() && move(-1)),
    ];
    return () => unbind.forEach((undo) => undo());
  }, [shown, rowHeight]);

  const reachable = shown.some((summary) => summary.id === cursor) ? cursor : shown[0]?.id;
  const holding = { onPointerEnter: (event) => event.pointerType === "mouse" && setHeld(true), onPointerLeave: () => setHeld(false),
    onFocusCapture: () => setHeld(true), onBlurCapture: () => setHeld(false) };
  return html`<div class="list-box" ...${holding}>
    ${news > 0 && html`<button type="button" class="button button-primary list-news" onClick=${() => { apply(); box.current.scrollTop = 0; }}>
      ${t.n("{count} new conversation", "{count} new conversations", news)}</button>`}
    <p class="unseen" role="status">${news > 0 ? t.n("{count} new conversation", "{count} new conversations", news) : ""}</p>
    <div class="list-scroll" ref=${box}>
      ${items.length === 0
        ? html`<${NoConversations} view="mine" />`
        : html`<${Windowed} items=${shown} box=${box} rowHeight=${rowHeight} label=${t("My conversations")} row=${(summary, position) => html`
          <${ConversationRow} key=${summary.id} summary=${summary} current=${summary.id === current} position=${position}
            reachable=${summary.id === reachable} onOpen=${openRow} />`} />`}
    </div></div>`;
}

function inList() {
  return Boolean(document.activeElement?.closest(".conversations"));
}
