/** Two soft notes, made here: no file to load. Browsers allow sound only after a key or a click. */

let audio = null;

export function allowSound() {
  const wake = () => {
    audio ??= new AudioContext();
    audio.resume();
  };
  addEventListener("pointerdown", wake, { once: true });
  addEventListener("keydown", wake, { once: true });
}

/** "offer" rises and is heard; "message" is one short low note. */
export function play(name) {
  if (!audio || audio.state !== "running") return;
  const notes = { offer: [660, 880], message: [520] }[name];
  notes.forEach((frequency, index) => note(frequency, audio.currentTime + index * 0.16));
}

function note(frequency, at) {
  const tone = audio.createOscillator();
  const volume = audio.createGain();
  tone.frequency.value = frequency;
  volume.gain.setValueAtTime(0, at);
  volume.gain.linearRampToValueAtTime(0.12, at + 0.02);
  volume.gain.exponentialRampToValueAtTime(0.001, at + 0.4);
  tone.connect(volume).connect(audio.destination);
  tone.start(at);
  tone.stop(at + 0.45);
}
