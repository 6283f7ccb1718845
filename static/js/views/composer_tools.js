import { html } from "htm/preact";
import { useRef } from "preact/hooks";
import { acceptOf, sizeWords } from "../lib/files.js";
import { t } from "../lib/i18n.js";
import { startRecording } from "../lib/recorder.js";
import { fileKinds } from "../lib/words.js";
import { filling } from "./composing.js";
import { Icon } from "./icon.js";
import { Menu } from "./menu.js";

/** Beside the words: a file, a voice message, and what else this channel takes. */
export function ComposerTools({ limits, onFiles }) {
  const { media, sends = [] } = limits;
  if (!media) return null;
  return html`<div class="composer-tools" role="group" aria-label=${t("Add to the reply")}>
    <${Attach} media=${media} onFiles=${onFiles} />
    ${sends.includes("audio") && html`<button type="button" class="button button-quiet button-icon" title=${t("Record a voice message")}
      aria-label=${t("Record a voice message")} onClick=${startRecording}><${Icon} name="voice" /></button>`}
    <${More} sends=${sends} />
  </div>`;
}

function Attach({ media, onFiles }) {
  const input = useRef(null);
  const words = t("Attach a file. {limits}", { limits: limitWords(media).join(" · ") });
  const take = () => {
    onFiles([...input.current.files]);
    // The same file may be chosen again.
    input.current.value = "";
  };
  return html`<button type="button" class="button button-quiet button-icon" title=${words} aria-label=${words} onClick=${() => input.current.click()}>
      <${Icon} name="attach" /></button>
    <input ref=${input} type="file" multiple hidden accept=${acceptOf(media)} onChange=${take} />`;
}

/** What the channel takes besides: only that. */
function More({ sends }) {
  const item = (form, icon, words) => sends.includes(form) && html`<button type="button" role="menuitem" onClick=${() => (filling.value = { form, given: null })}>
    <${Icon} name=${icon} />${words}</button>`;
  const items = [
    item("template", "template", t("Template")),
    item("link", "link", t("Button with a link")),
    item("ask_location", "place", t("Ask for the location")),
    item("ask_contact", "call", t("Ask for the phone number")),
  ].filter(Boolean);
  if (items.length === 0) return null;
  return html`<${Menu} label=${t("Send something else")} place="menu-up" button=${(props) => html`<button ...${props} class="button button-quiet button-icon"
    title=${t("Send something else")} aria-label=${t("Send something else")}><${Icon} name="plus" /></button>`}>${items}<//>`;
}

/** "photos up to 5 MB", one for each kind a chosen file can become. */
export function limitWords(media) {
  return ["image", "video", "audio", "document"].filter((kind) => media[kind])
    .map((kind) => t("{kinds} up to {max}", { kinds: fileKinds(kind), max: sizeWords(media[kind].max_bytes) }));
}
