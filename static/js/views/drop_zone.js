import { html } from "htm/preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../lib/i18n.js";
import { channelName } from "../lib/words.js";
import { limitWords } from "./composer_tools.js";
import { Icon } from "./icon.js";

/** The whole thread takes files that are dragged over it, and says what the channel takes before they are let go. */
export function DropZone({ limits, channel, onFiles }) {
  const root = useRef(null);
  const [over, setOver] = useState(false);
  const take = useRef(onFiles);
  take.current = onFiles;
  useEffect(() => {
    const thread = root.current.closest(".thread");
    let depth = 0;
    const carries = (event) => event.dataTransfer?.types.includes("Files");
    const on = {
      dragenter: () => setOver((depth += 1) > 0),
      dragleave: () => setOver((depth = Math.max(0, depth - 1)) > 0),
      dragover: (event) => (event.dataTransfer.dropEffect = "copy"),
      drop: (event) => {
        depth = 0;
        setOver(false);
        take.current([...event.dataTransfer.files]);
      },
    };
    const listeners = Object.entries(on).map(([name, run]) => [name, (event) => {
      if (!carries(event)) return;
      event.preventDefault();
      run(event);
    }]);
    listeners.forEach(([name, run]) => thread.addEventListener(name, run));
    return () => listeners.forEach(([name, run]) => thread.removeEventListener(name, run));
  }, []);
  return html`<div ref=${root} class="drop-zone" data-over=${over ? "" : null} aria-hidden="true">
    ${over && html`<div class="drop-words"><${Icon} name="attach" /><strong>${t("Let go to attach")}</strong>
      <span>${t("{channel} takes:", { channel: channelName(channel) })}</span>
      <ul>${limitWords(limits.media).map((words) => html`<li key=${words}>${words}</li>`)}</ul></div>`}</div>`;
}
