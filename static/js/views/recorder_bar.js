import { html } from "htm/preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { lengthWords } from "../lib/files.js";
import { t } from "../lib/i18n.js";
import { discardRecording, pauseRecording, recording, resumeRecording, startRecording, stopRecording } from "../lib/recorder.js";
import { upload } from "../lib/upload.js";
import { AudioPlayer } from "./audio_player.js";
import { Icon } from "./icon.js";

/** A voice message in the making: record, pause, hear it, throw it away or send it. */
export function RecorderBar({ id, onSend }) {
  const { phase, seconds, levels, words, url } = recording.value;
  const [sending, setSending] = useState(null);
  const [trouble, setTrouble] = useState("");
  const run = useRef(null);
  const first = useRef(null);
  useEffect(() => () => {
    run.current?.cancel();
    discardRecording();
  }, []);
  useEffect(() => first.current?.focus(), [phase]);

  const send = async () => {
    setTrouble("");
    const file = await stopRecording();
    if (!file) return;
    setSending(0);
    run.current = upload(id, file, { kind: "audio", voice: true, onProgress: setSending });
    try {
      const attachment = await run.current.done;
      run.current = null;
      discardRecording();
      onSend({ ...attachment, duration_seconds: attachment.duration_seconds ?? seconds });
    } catch (error) {
      if (error.name !== "AbortError") setTrouble(error.detail || t("The voice message did not get through. It is still here: try again."));
      setSending(null);
    }
  };
  const discard = () => {
    run.current?.cancel();
    discardRecording();
  };
  const onKeyDown = (event) => {
    if (event.key !== "Escape" || phase === "done") return;
    event.preventDefault();
    event.stopPropagation();
    discard();
  };
  if (phase === "refused") return html`<${Refused} words=${words} again=${() => { discardRecording(); startRecording(); }} />`;
  const busy = sending !== null;
  return html`<div class="recorder" role="group" aria-label=${t("Voice message")} onKeyDown=${onKeyDown}>
    ${trouble && html`<p class="wrong small" role="alert">${trouble}</p>`}
    <div class="recorder-line">
      <button type="button" class="button button-quiet" onClick=${discard}><${Icon} name="trash" />${t("Discard")}</button>
      ${phase === "done"
        ? html`<${AudioPlayer} file=${{ url, voice: true, name: null }} seconds=${seconds} />`
        : html`<${Meter} phase=${phase} levels=${levels} />
          <span class="recorder-time" role="timer" aria-label=${t("Recorded")}>${lengthWords(seconds)}</span>
          ${phase === "recording" && html`<button type="button" class="button" ref=${first} onClick=${pauseRecording}><${Icon} name="pause" />${t("Pause")}</button>`}
          ${phase === "paused" && html`<button type="button" class="button" ref=${first} onClick=${resumeRecording}><${Icon} name="voice" />${t("Go on")}</button>`}
          <button type="button" class="button" disabled=${phase === "asking"} onClick=${stopRecording}><${Icon} name="play" />${t("Listen")}</button>`}
      <button type="button" class="button button-primary composer-send" disabled=${phase === "asking" || busy} aria-busy=${busy ? "true" : null} onClick=${send}>
        <${Icon} name="send" turns=${true} />${t("Send")}</button>
    </div>
    ${busy && html`<progress max="1" value=${sending} aria-label=${t("Uploading {name}", { name: t("Voice message") })}></progress>`}
    <p class="unseen" role="status">${{ asking: t("The browser asks for the microphone."), recording: t("Recording"), paused: t("Paused") }[phase] ?? ""}</p>
  </div>`;
}

function Meter({ phase, levels }) {
  if (phase === "asking") return html`<span class="grow quiet small">${t("The browser asks for the microphone.")}</span>`;
  return html`<span class="recorder-dot" data-phase=${phase}></span>
    <span class="recorder-meter" aria-hidden="true">${levels.map((level, index) => html`<i key=${index} style=${{ blockSize: `${Math.max(8, level * 100)}%` }}></i>`)}</span>`;
}

function Refused({ words, again }) {
  return html`<div class="notice recorder-refused" data-tone="due-soon" role="alert"><${Icon} name="voice" />
    <div class="stack grow"><p>${words}</p>
      <span class="row row-wrap"><button type="button" class="button" onClick=${again}>${t("Try again")}</button>
        <button type="button" class="button button-quiet" onClick=${discardRecording}>${t("Back to writing")}</button></span></div></div>`;
}
