import { html } from "htm/preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { recall, remember } from "../lib/dom.js";
import { lengthWords } from "../lib/files.js";
import { number } from "../lib/format.js";
import { t } from "../lib/i18n.js";
import { Icon } from "./icon.js";

const SPEEDS = [1, 1.5, 2];
const KEY = "majlis:speed";
let playing = null;

/** A voice message or a sound, played in place: where one is, how fast, how long. One plays at a time. */
export function AudioPlayer({ file, from = "", seconds = file.duration_seconds }) {
  const sound = useRef(null);
  const [at, setAt] = useState(0);
  const [known, setKnown] = useState(seconds ?? 0);
  const [state, setState] = useState("ready");
  const [speed, setSpeed] = useState(() => (SPEEDS.includes(recall(KEY)) ? recall(KEY) : 1));
  const total = seconds || known;
  const words = file.voice ? t("Voice message") : file.name || t("Sound");

  useEffect(() => () => {
    if (playing === sound.current) playing = null;
  }, []);

  const toggle = async () => {
    const { current } = sound;
    if (!current.paused) return current.pause();
    if (playing && playing !== current) playing.pause();
    playing = current;
    current.playbackRate = speed;
    try {
      await current.play();
    } catch {
      setState("broken");
    }
  };
  const faster = () => {
    const next = SPEEDS[(SPEEDS.indexOf(speed) + 1) % SPEEDS.length];
    setSpeed(next);
    remember(KEY, next);
    sound.current.playbackRate = next;
  };
  const seek = (event) => {
    sound.current.currentTime = Number(event.currentTarget.value);
    setAt(sound.current.currentTime);
  };
  // Told late, these find the player gone.
  const measured = (event) => Number.isFinite(event.currentTarget?.duration) && setKnown(event.currentTarget.duration);

  return html`<div class="audio" role="group" aria-label=${from ? t("{what} from {name}", { what: words, name: from }) : words} data-state=${state}>
    <audio ref=${sound} src=${file.url} preload=${seconds ? "none" : "metadata"} onPlay=${() => setState("playing")} onPause=${() => setState("ready")}
      onTimeUpdate=${(event) => setAt(event.currentTarget.currentTime)} onLoadedMetadata=${measured} onDurationChange=${measured}
      onEnded=${() => setAt(0)} onError=${() => setState("broken")}></audio>
    <button type="button" class="audio-play" aria-label=${state === "playing" ? t("Pause") : t("Play")} disabled=${state === "broken"} onClick=${toggle}>
      <${Icon} name=${state === "playing" ? "pause" : "play"} /></button>
    <div class="audio-line">
      ${!file.voice && file.name && html`<span class="cut small" dir="auto">${file.name}</span>`}
      <input type="range" min="0" max=${total || 1} step="0.1" value=${at} disabled=${!total || state === "broken"} dir="ltr"
        aria-label=${t("Place in the recording")} aria-valuetext=${`${lengthWords(at)} / ${lengthWords(total)}`} onInput=${seek} />
      <span class="audio-time">${state === "broken"
        ? t("The browser cannot play this. Download it instead.")
        : html`<${Icon} name=${file.voice ? "voice" : "sound"} />${lengthWords(at > 0 || state === "playing" ? at : total)}`}</span>
    </div>
    ${state === "broken"
      ? html`<a class="button button-quiet button-icon" href=${`${file.url}?download=1`} download aria-label=${t("Download")}><${Icon} name="download" /></a>`
      : html`<button type="button" class="audio-speed" dir="ltr" title=${t("Speed")} aria-label=${t("Speed: {speed} times", { speed: number(speed) })} onClick=${faster}>
          ${number(speed)}×</button>`}
  </div>`;
}
