import { html } from "htm/preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { newId } from "../lib/api.js";
import { clearDraft, keepDraft } from "../lib/drafts.js";
import { t } from "../lib/i18n.js";
import { lengthOf } from "../lib/length.js";
import { formOf } from "../lib/outgoing_forms.js";
import { recording } from "../lib/recorder.js";
import { keepEditing, sendReply } from "../lib/replies.js";
import { sendAll, sendFile, takesCaption } from "../lib/sending.js";
import { dispatch, me } from "../lib/store.js";
import { addNote, loadThread, tellTyping } from "../lib/threads.js";
import { now } from "../lib/time.js";
import { addFiles, putBack, trayOf } from "../lib/tray.js";
import { takeTyped } from "../lib/type_ahead.js";
import { keepUnfinished, unfinished } from "../lib/unfinished.js";
import { say } from "../lib/toasts.js";
import { ranOut, verdict } from "../lib/window.js";
import { useBasedOn } from "./based_on.js";
import { ClosedWindow } from "./closed_window.js";
import { ComposerFoot } from "./composer_foot.js";
import { ComposerHead, HumanAgent, PrivateReply, QuotedChip } from "./composer_head.js";
import { filling, mode, quoted } from "./composing.js";
import { DropZone } from "./drop_zone.js";
import { Filling } from "./filling.js";
import { RecorderBar } from "./recorder_bar.js";
import { ReplyTrouble, StaleBanner } from "./reply_trouble.js";
import { Tray } from "./tray_view.js";

const NOTE = { unit: "characters", max: 4000 };

/** Reply or note to one conversation. Mounted anew for each. */
export function Composer({ id, thread, summary, pending }) {
  const typed = useRef(undefined);
  if (typed.current === undefined) typed.current = takeTyped(id);
  const [reply, setReply] = useState((thread.draft ?? "") + (typed.current?.text ?? ""));
  const [note, setNote] = useState(() => unfinished(id, "note") ?? "");
  // Sent while files were still on their way: it goes as soon as they are there.
  const [waits, setWaits] = useState(false);
  const field = useRef(null);
  const latest = useRef(reply);
  latest.current = reply;
  const noting = mode.value === "note";
  const text = noting ? note : reply;
  const files = noting ? [] : trayOf(id);
  const uploading = files.some(({ state }) => state === "uploading");
  const good = files.filter(({ state }) => state === "ready" || state === "uploading");
  const standing = verdict(summary, thread.window, now.value);
  const closed = !noting && !standing.open;
  const once = !noting && standing.by === "private_reply";
  const limits = once ? { text: thread.limits?.text } : thread.limits ?? {};
  const limit = noting ? NOTE : (takesCaption(good) && limits.caption) || limits.text || { unit: "characters", max: 4096 };
  const ready = (text.trim() !== "" || good.length > 0) && lengthOf(text, limit.unit) <= limit.max && !closed && !(once && files.length > 0);
  const { change, take, settle, seen } = useBasedOn(id, reply !== "" || files.length > 0);

  // Whoever comes back finds the reply as it was left, and what was sent does not come back.
  useEffect(() => () => dispatch({ type: "thread_marked", id, patch: { draft: latest.current } }), []);

  const over = ranOut(thread.window, now.value);
  useEffect(() => {
    if (over) loadThread(id).catch(() => {});
  }, [id, over]);

  useEffect(() => {
    // What Meta takes no more is not filled in any further; it is kept, and does not come up by itself.
    if ((closed || once) && filling.value?.form !== "template") filling.value = null;
  }, [closed, once]);

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
  }, [text, noting, closed]);

  const write = (value) => {
    if (noting) return typeNote(value);
    setReply(value);
    if (!value && files.length === 0) settle();
    keepDraft(id, value);
    tellTyping(id);
  };
  const attach = (given) => {
    if (!limits.media || given.length === 0) return;
    mode.value = "reply";
    const left = addFiles(id, given, { media: limits.media, channel: summary.channel });
    if (left > 0) say(t.n("{count} file more than fits into one message. Send these first.", "{count} files more than fit into one message. Send these first.", left), { tone: "due-soon" });
    requestAnimationFrame(() => field.current?.focus());
  };
  const options = () => {
    const found = { replyTo: once ? null : quoted.value, basedOnVersion: take() };
    quoted.value = null;
    return found;
  };
  const typeNote = (value) => {
    setNote(value);
    keepUnfinished(id, "note", value || null);
  };
  const sendNote = () => saveNote(id, note.trim(), () => {
    typeNote("");
    if (!thread.may.reply) mode.value = null;
  });
  const send = () => {
    if (!ready) return setWaits(false);
    if (noting) return sendNote();
    if (uploading) return setWaits(true);
    setWaits(false);
    sendAll(id, reply.trim(), options());
    setReply("");
    clearDraft(id);
    field.current?.focus();
  };
  useEffect(() => {
    if (waits && !uploading) send();
  }, [waits, uploading]);
  // The words being written stay for the next message.
  const sendOther = (outgoing, shown, words) => sendReply(id, words, { outgoing, shown, ...options(), keepsDraft: true });
  const sendVoice = (attachment) => sendFile(id, attachment, { ...options(), keepsDraft: true });
  const onKeyDown = (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.altKey) return;
    const direct = me.value?.preferences?.enter_sends !== false;
    if (!direct && !event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    send();
  };
  const onPaste = (event) => {
    const given = [...(event.clipboardData?.files ?? [])];
    // Words copied with a picture of themselves are words.
    if (noting || given.length === 0 || event.clipboardData.getData("text/plain")) return;
    event.preventDefault();
    attach(given);
  };
  const edit = (entry) => {
    keepEditing(entry);
    mode.value = "reply";
    const said = entry.outgoing;
    if (said?.attachment_id) putBack(id, entry.shown.attachments[0]);
    else if (said) return (filling.value = { form: formOf(said), given: said, errors: entry.problem?.errors });
    const words = said ? entry.shown.text : entry.text;
    if (words) setReply((before) => (before ? `${words}\n${before}` : words));
    seen();
    requestAnimationFrame(() => field.current?.focus());
  };

  const troubled = pending.find((entry) => entry.state === "refused" || entry.state === "held");
  const records = !noting && !once && recording.value !== null;
  return html`<footer class="composer" data-mode=${mode.value}>
    ${troubled && html`<${ReplyTrouble} entry=${troubled} onEdit=${edit} mayReply=${thread.may.reply} />`}
    ${change && !noting && !troubled && html`<${StaleBanner} change=${change} onSeen=${() => { seen(); field.current?.focus(); }} />`}
    <${ComposerHead} summary=${summary} may=${thread.may} standing=${standing} told=${thread.window} />
    ${closed
      ? html`<${ClosedWindow} id=${id} summary=${summary} thread=${thread} standing=${standing} draft=${reply} onSend=${sendOther}
          onForget=${() => { setReply(""); clearDraft(id); }} />`
      : html`${!noting && standing.by === "human_agent" && html`<${HumanAgent} summary=${summary} standing=${standing} />`}
        ${once ? html`<${PrivateReply} summary=${summary} standing=${standing} />` : html`<${QuotedChip} />`}
        ${!noting && html`<${Tray} id=${id} items=${files} limits=${thread.limits ?? {}} channel=${summary.channel} />`}
        ${records
          ? html`<${RecorderBar} id=${id} onSend=${sendVoice} />`
          : html`<textarea ref=${field} class="composer-field" rows="1" dir=${text ? "auto" : null} value=${text} aria-describedby="composer-to composer-limit"
              aria-label=${noting ? t("Internal note") : t("Reply to {name}", { name: summary.contact.name })}
              placeholder=${placeholder(noting, good)} onPaste=${onPaste} onInput=${(event) => write(event.currentTarget.value)} onKeyDown=${onKeyDown} />
            <${ComposerFoot} text=${text} limit=${limit} noting=${noting} summary=${summary} limits=${limits} ready=${ready} busy=${waits} files=${files.length} good=${good.length}
              onSend=${send} onFiles=${attach} />`}
        ${limits.media && thread.may.reply && html`<${DropZone} limits=${limits} channel=${summary.channel} onFiles=${attach} />`}
        <${Filling} id=${id} summary=${summary} thread=${thread} onSend=${sendOther} />`}
  </footer>`;
}

function placeholder(noting, files) {
  if (noting) return t("A note for your colleagues. The customer never sees it.");
  return takesCaption(files) ? t("Add a caption…") : t("Write a reply…");
}

async function saveNote(id, text, done) {
  try {
    await addNote(id, text, newId());
    done();
  } catch (error) {
    say(error.detail || t("The note could not be saved. It is still here."), { tone: "failed" });
  }
}
