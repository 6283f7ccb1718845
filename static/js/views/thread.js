import { useComputed } from "@preact/signals";
import { html } from "htm/preact";
import { useEffect, useLayoutEffect, useState } from "preact/hooks";
import { handed, seeHanded } from "../lib/handover.js";
import { t } from "../lib/i18n.js";
import { bindKey } from "../lib/keys.js";
import { handBack, isLeaving, resolve, takeOver } from "../lib/lifecycle.js";
import { isMine } from "../lib/select.js";
import { state } from "../lib/store.js";
import { closeThread, loadThread, openThread } from "../lib/threads.js";
import { now } from "../lib/time.js";
import { followTimers } from "../lib/timers.js";
import { keepTyped, typeAhead } from "../lib/type_ahead.js";
import { say } from "../lib/toasts.js";
import { AttemptsDialog } from "./attempts_dialog.js";
import { Composer } from "./composer.js";
import { compose, mode, quote, startComposing } from "./composing.js";
import { confirmed } from "./confirm.js";
import { contextOpen } from "./context_panel.js";
import { ThreadHead } from "./thread_head.js";
import { ThreadGone, ThreadLoading } from "./empty.js";
import { Icon } from "./icon.js";
import { ImageViewer } from "./image_viewer.js";
import { TimelineView } from "./timeline_view.js";
import { TransferDialog } from "./transfer_dialog.js";

const TYPING_SHOWN_MS = 5000;
const NOTHING = [];

/** One conversation: head, messages, composer. `onLeft` is called when it is no longer here to be worked on. */
export function Thread({ id, readOnly = false, onBack = null, onLeft = () => {} }) {
  const summary = useComputed(() => state.value.conversations[id]).value;
  const thread = useComputed(() => state.value.threads[id]).value;
  const pending = useComputed(() => state.value.pending[id] ?? NOTHING).value;
  const [problem, setProblem] = useState(null);
  const [transferring, setTransferring] = useState(false);
  const may = thread?.may ?? {};

  const read = () => {
    setProblem(null);
    openThread(id).catch((error) => {
      keepTyped(id);
      setProblem(error);
    });
  };
  useEffect(() => {
    read();
    return () => {
      keepTyped(id);
      closeThread();
    };
  }, [id]);
  useEffect(() => {
    // Owner or state moved: only the server says what I may do now.
    if (thread?.stale) loadThread(id).catch(setProblem);
  }, [thread?.stale]);
  useLayoutEffect(() => startComposing(may.reply), [id, may.reply]);
  useEffect(() => {
    // Read, and not to be answered: nothing will take what is being typed.
    if (thread && !thread.stale && !may.reply) keepTyped(id);
  }, [id, !thread, thread?.stale, may.reply]);

  const isNew = handed.value.has(id);
  useEffect(() => {
    if (isNew) seeHanded(id);
  }, [id, isNew]);

  const acts = {
    resolve: async () => (await agreed(summary)) && leave(resolve),
    handBack: () => leave(handBack),
    transfer: () => setTransferring(true),
    takeOver: () => askTakeOver(summary),
  };
  const leave = (act) => {
    act(id);
    onLeft(id);
  };
  const labelled = thread?.context?.labels?.length > 0;
  useEffect(() => (thread ? followTimers(id) : undefined), [id, !thread]);
  useLayoutEffect(() => {
    if (readOnly) return undefined;
    const unbind = [
      may.reply && bindKey("r", () => compose("reply"), { words: t("Write a reply") }),
      // It may open while this key is on its way.
      !thread && bindKey("r", () => (state.value.threads[id] ? compose("reply") : typeAhead(id, summary?.contact.name ?? ""))),
      bindKey("m", toMessages, { words: t("To the messages: up and down, Enter opens") }),
      may.note && bindKey("n", () => compose("note"), { words: t("Write a note") }),
      may.resolve && bindKey("e", acts.resolve, { alt: true, words: t("Resolve") }),
      (may.transfer || may.reassign) && bindKey("t", acts.transfer, { alt: true, words: may.transfer ? t("Transfer") : t("Reassign") }),
      may.note && labelled && bindKey("l", showLabels, { words: t("Label the customer") }),
      may.hand_back && bindKey("h", acts.handBack, { alt: true, words: t("Hand back") }),
    ].filter(Boolean);
    return () => unbind.forEach((undo) => undo());
  }, [id, readOnly, summary, !thread, may.reply, may.note, may.resolve, may.hand_back, may.transfer, may.reassign, labelled]);

  if (!summary || !thread) {
    return problem ? html`<${ThreadGone} problem=${problem} onRetry=${read} onBack=${onBack} />` : html`<${ThreadLoading} summary=${summary} />`;
  }
  const mine = isMine(state.value, summary);
  const writes = !readOnly && (may.reply || (may.note && mode.value === "note"));
  return html`<section class="thread" aria-label=${t("Conversation with {name}", { name: summary.contact.name })}>
    <${ThreadHead} summary=${summary} thread=${readOnly ? { ...thread, may: {} } : thread} acts=${acts} onBack=${onBack} />
    <${TimelineView} key=${id} id=${id} thread=${thread} pending=${pending} unread=${summary.unread} reads=${mine && !readOnly}
      from=${summary.contact.name} onReply=${may.reply && !readOnly ? quote : null} mayAct=${may.reply && !readOnly} />
    <${Typing} id=${id} />
    ${writes && !isLeaving(id)
      ? html`<${Composer} key=${id} id=${id} thread=${thread} summary=${summary} pending=${pending} />`
      : html`<${ReadOnlyFoot} summary=${summary} mayNote=${may.note && !readOnly} />`}
    ${transferring && html`<${TransferDialog} summary=${summary} may=${may} onClose=${() => setTransferring(false)}
      onDone=${() => { setTransferring(false); onLeft(id); }} />`}
    <${ImageViewer} messages=${thread.messages} /><${AttemptsDialog} />
  </section>`;
}

/** A colleague who writes here right now. */
function Typing({ id }) {
  const typing = state.value.typing[id];
  const shown = typing && now.value - typing.at < TYPING_SHOWN_MS;
  return html`<p class="typing" role="status">${shown ? t("{name} is writing here…", { name: typing.name }) : ""}</p>`;
}

function ReadOnlyFoot({ summary, mayNote }) {
  const words = summary.state === "resolved"
    ? t("Resolved. It opens again when the customer writes.")
    : summary.owner ? t("{name} answers here.", { name: summary.owner.name }) : t("Nobody has taken this conversation yet.");
  return html`<footer class="composer read-only"><p class="quiet">${words}</p>
    ${mayNote && html`<button type="button" class="button button-quiet" onClick=${() => compose("note")}>
      <${Icon} name="note" />${t("Write a note")}</button>`}</footer>`;
}

function toMessages() {
  const all = document.querySelectorAll(".timeline .message, .timeline .fact-line");
  all[all.length - 1]?.focus();
  all[all.length - 1]?.scrollIntoView({ block: "nearest" });
}

function showLabels() {
  contextOpen.value = true;
  requestAnimationFrame(() => document.querySelector(".label-switch")?.focus());
}

async function agreed(summary) {
  if (!summary.waiting_since) return true;
  return confirmed({
    title: t("Resolve without an answer?"),
    words: t("{name} wrote last and has no answer yet.", { name: summary.contact.name }),
    act: t("Resolve"),
    danger: true,
  });
}

async function askTakeOver(summary) {
  const yes = !summary.owner || (await confirmed({
    title: t("Take over from {name}?", { name: summary.owner.name }),
    words: t("{name} loses the conversation at once and sees that you took it.", { name: summary.owner.name }),
    act: t("Take over"),
  }));
  if (!yes) return;
  try {
    await takeOver(summary.id);
  } catch (error) {
    say(error.detail || t("That did not work. Try again in a moment."), { tone: "failed" });
  }
}
