/** The microphone: record, pause, go on, stop. One at a time. */
import { signal } from "@preact/signals";
import { t } from "./i18n.js";

const FORMS = ["audio/webm;codecs=opus", "audio/mp4", "audio/webm"];
const LEVELS = 48;
const EVERY_MS = 100;

/** {phase: "asking"|"recording"|"paused"|"done"|"refused", seconds, levels, words, file, url} or null. */
export const recording = signal(null);

let held = null;

export async function startRecording() {
  if (recording.value) return;
  const mine = (held = {});
  recording.value = { phase: "asking", seconds: 0, levels: [], words: "", file: null, url: null };
  try {
    if (!navigator.mediaDevices?.getUserMedia || !globalThis.MediaRecorder) throw new DOMException("no way", "SecurityError");
    const stream = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1, echoCancellation: true, noiseSuppression: true } });
    // Thrown away while the browser was still asking.
    if (held !== mine) return stop(stream);
    listen(stream);
  } catch (error) {
    if (held === mine) recording.value = { ...recording.value, phase: "refused", words: refusalWords(error) };
  }
}

export function pauseRecording() {
  if (held?.recorder?.state !== "recording") return;
  held.recorder.pause();
  move({ phase: "paused" });
}

export function resumeRecording() {
  if (held?.recorder?.state !== "paused") return;
  held.recorder.resume();
  move({ phase: "recording" });
}

/** → resolves with the file once it is whole. */
export function stopRecording() {
  if (recording.value?.file) return Promise.resolve(recording.value.file);
  return new Promise((resolve) => {
    if (!held?.recorder || held.recorder.state === "inactive") return resolve(null);
    held.whole = resolve;
    held.recorder.stop();
  });
}

export function discardRecording() {
  const was = held;
  held = null;
  if (recording.value?.url) URL.revokeObjectURL(recording.value.url);
  recording.value = null;
  if (was?.recorder && was.recorder.state !== "inactive") was.recorder.stop();
  if (was?.stream) close(was);
}

function listen(stream) {
  const type = FORMS.find((form) => MediaRecorder.isTypeSupported(form));
  const recorder = new MediaRecorder(stream, type ? { mimeType: type, audioBitsPerSecond: 32_000 } : {});
  const mine = held;
  const parts = [];
  Object.assign(mine, { stream, recorder, meter: meterOf(stream) });
  recorder.ondataavailable = (event) => event.data.size && parts.push(event.data);
  recorder.onstop = () => {
    close(mine);
    if (held !== mine) return;
    const form = (recorder.mimeType || type || "audio/webm").split(";")[0];
    const file = new File(parts, form === "audio/mp4" ? "voice.m4a" : "voice.webm", { type: form });
    move({ phase: "done", file, url: URL.createObjectURL(file) });
    mine.whole?.(file);
  };
  // The microphone was pulled out, or taken away in the browser's own bar.
  stream.getAudioTracks()[0].addEventListener("ended", () => recorder.state !== "inactive" && recorder.stop());
  recorder.start(1000);
  move({ phase: "recording" });
  mine.timer = setInterval(() => {
    if (recorder.state !== "recording" || !mine.meter) return;
    const { seconds, levels } = recording.value;
    move({ seconds: seconds + EVERY_MS / 1000, levels: [...levels.slice(1 - LEVELS), mine.meter.level()] });
  }, EVERY_MS);
}

/** How loud it is, 0 to 1. */
function meterOf(stream) {
  try {
    const context = new AudioContext();
    const analyser = new AnalyserNode(context, { fftSize: 512 });
    context.createMediaStreamSource(stream).connect(analyser);
    const samples = new Uint8Array(analyser.fftSize);
    const level = () => {
      analyser.getByteTimeDomainData(samples);
      return Math.min(1, samples.reduce((most, one) => Math.max(most, Math.abs(one - 128)), 0) / 80);
    };
    return { level, close: () => context.close() };
  } catch {
    return { level: () => 0, close: () => {} };
  }
}

function close(mine) {
  clearInterval(mine.timer);
  stop(mine.stream);
  mine.meter?.close();
  mine.meter = null;
}

function stop(stream) {
  stream.getTracks().forEach((track) => track.stop());
}

function move(patch) {
  if (recording.value) recording.value = { ...recording.value, ...patch };
}

function refusalWords({ name }) {
  return {
    NotAllowedError: t("The browser does not allow the microphone for this site. Allow it in its site settings, then try again."),
    NotFoundError: t("No microphone was found. Connect one and try again."),
    NotReadableError: t("Another program holds the microphone. Close it and try again."),
    SecurityError: t("Recording works only over a secure address (https)."),
  }[name] ?? t("The microphone could not be used. Try again.");
}
