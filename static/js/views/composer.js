import { html } from "htm/preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { newId } from "../lib/api.js";
import { clearDraft, keepDraft } from "../lib/drafts.js";
import { windowExpiry } from "../lib/expiry.js";
import { t } from "../lib/i18n.js";
import { lengthOf } from "../lib/length.js";
import { hear } from "../lib/live.js";
import { sendReply } from "../lib/replies.js";
import { dispatch, me, state } from "../lib/store.js";
import { addNote, tellTyping } from "../lib/threads.js";
import { now } from "../lib/time.js";
import { takeTyped } from "../lib/type_ahead.js";
import { say } from "../lib/toasts.js";
import { ComposerFoot } from "./composer_foot.js";
import { ClosedWindow, ComposerHead, QuotedChip } from "./composer_head.js";
import { mode, quoted } from "./composing.js";
import { ReplyTrouble, StaleBanner } from "./reply_trouble.js";

// Facts of others after which a reply may no longer fit.
const UNSETTLING = /^(MessageQueued|MessageEchoed|Conversation(Assigned|Released|Queued|Resolved|Transferred))$/;

/** Reply or note to one conversation. Mounted anew for each. */
export function Composer({ id, thread, summary, pending }) {
  const typed = useRef(undefined);
  if (typed.current === undefined) typed.current = takeTyped(id);
  const [reply, setReply] = useState((thread.draft ?? "") + (typed.current?.text ?? ""));
  const [note, setNote] = useState("");
  const [change, setChange] = useState(null);
  // The version on the screen when this reply was begun: what comes after it, its writer may not have read.
  const basedOn = useRef(null);
  const field = useRef(null);
  const latest = useRef(reply);
  latest.current = reply;
  const version = () => state.value.versions[`conversation:${id}`] ?? summary.version;
  const noting = mode.value === "note";
  const text = noting ? note : reply;
  const closed = !noting && windowExpiry(summary, now.value, true)?.level === "window-closed";
  const limit = noting ? { unit: "characters", max: 4000 } : thread.limits?.text ?? { unit: "characters", max: 4096 };
  const ready = text.trim() !== "" && lengthOf(text, limit.unit) <= limit.max && !(closed && !noting);

  if (reply && basedOn.current === null) basedOn.current = version();

  // Whoever comes back finds the reply as it was left, and what was sent does not come back.
  useEffect(() => () => dispatch({ type: "thread_marked", id, patch: { draft: latest.current } }), []);

  useEffect(() => hear("push", (push) => {
    const others = push.conversation_id === id && push.actor !== `user:${me.value.id}` && UNSETTLING.test(push.kind);
    if (others && basedOn.current !== null && push.version > basedOn.current) {
      setChange({ at: push.at, words: wordsOf(push) });
    }
  }), [id]);

  useLayoutEffect(() => {
    if (typed.current?.text) keepDraft(id, reply);
    if (!typed.current?.focused || !field.current) return;
    field.current.focus();
    field.current.setSelectionRange(reply.length, reply.length);
  }, []);

  useLayoutEffect(() => {
    if (!field.current) return;
    field.current.style.blockSize = "auto";
    field.current.style.blockSize = `${Math.min(field.current.scrollHeight + 2, innerHeight * 0.36)}px`;
  }, [text, noting]);

  const write = (value) => {
    if (noting) return setNote(value);
    setReply(value);
    if (!value) settle();
    keepDraft(id, value);
    tellTyping(id);
  };
  const settle = () => {
    basedOn.current = null;
    setChange(null);
  };
  const seen = () => {
    basedOn.current = version();
    setChange(null);
    field.current?.focus();
  };
  const send = async () => {
    if (!ready) return;
    if (noting) {
      await saveNote(id, note.trim(), () => {
        setNote("");
        if (!thread.may.reply) mode.value = null;
      });
      return;
    }
    const replyTo = quoted.value;
    const basedOnVersion = basedOn.current ?? version();
    settle();
    setReply("");
    quoted.value = null;
    sendReply(id, reply.trim(), { replyTo, basedOnVersion });
    field.current?.focus();
  };
  const onKeyDown = (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.altKey) return;
    const direct = me.value?.preferences?.enter_sends !== false;
    if (!direct && !event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    send();
  };
  const edit = (words) => {
    mode.value = "reply";
    setReply((before) => (before ? `${words}\n${before}` : words));
    basedOn.current = version();
    setChange(null);
    requestAnimationFrame(() => field.current?.focus());
  };

  const troubled = pending.find((entry) => entry.state === "refused" || entry.state === "held");
  return html`<footer class="composer" data-mode=${mode.value}>
    ${troubled && html`<${ReplyTrouble} entry=${troubled} onEdit=${edit} mayReply=${thread.may.reply} />`}
    ${change && !noting && !troubled && html`<${StaleBanner} change=${change} onSeen=${seen} />`}
    <${ComposerHead} summary=${summary} may=${thread.may} />
    ${closed
      ? html`<${ClosedWindow} summary=${summary} draft=${reply} onForget=${() => { setReply(""); clearDraft(id); }} />`
      : html`<${QuotedChip} />
        <textarea ref=${field} class="composer-field" rows="1" dir=${text ? "auto" : null} value=${text} aria-describedby="composer-to composer-limit"
          aria-label=${noting ? t("Internal note") : t("Reply to {name}", { name: summary.contact.name })}
          placeholder=${noting ? t("A note for your colleagues. The customer never sees it.") : t("Write a reply…")}
          onInput=${(event) => write(event.currentTarget.value)} onKeyDown=${onKeyDown} />
        <${ComposerFoot} text=${text} limit=${limit} noting=${noting} channel=${summary.channel} ready=${ready} onSend=${send} />`}
  </footer>`;
}

async function saveNote(id, text, done) {
  try {
    await addNote(id, text, newId());
    done();
  } catch (error) {
    say(error.detail || t("The note could not be saved. It is still here."), { tone: "failed" });
  }
}

function wordsOf(push) {
  if (push.kind.startsWith("Message")) {
    return push.actor === "bot" ? t("The bot replied.") : t("{name} replied.", { name: push.actor_name || t("A colleague") });
  }
  return push.fact?.words || t("The conversation changed.");
}
