import { html } from "htm/preact";
import { useRef } from "preact/hooks";
import { acceptOf, sizeWords } from "../lib/files.js";
import { t } from "../lib/i18n.js";
import { FORMS, formsFor } from "../lib/outgoing_forms.js";
import { startRecording } from "../lib/recorder.js";
import { unfinished } from "../lib/unfinished.js";
import { fileKinds } from "../lib/words.js";
import { filling } from "./composing.js";
import { Icon } from "./icon.js";
import { Menu } from "./menu.js";

/** Beside the words: a file, a voice message, and what else this channel takes. */
export function ComposerTools({ id, channel, limits, onFiles }) {
  const { media, sends = [] } = limits;
  if (!media) return null;
  return html`<div class="composer-tools" role="group" aria-label=${t("Add to the reply")}>
    <${Attach} media=${media} onFiles=${onFiles} />
    ${sends.includes("audio") && html`<button type="button" class="button button-quiet button-icon" title=${t("Record a voice message")}
      aria-label=${t("Record a voice message")} onClick=${startRecording}><${Icon} name="voice" /></button>`}
    <${More} id=${id} channel=${channel} limits=${limits} />
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

/** What the channel takes besides: only that. What was begun in a form before says so. */
function More({ id, channel, limits }) {
  const item = (form, icon, words) => html`<button key=${form} type="button" role="menuitem" data-form=${form} onClick=${() => (filling.value = { form, given: null })}>
    <${Icon} name=${icon} />${words}${unfinished(id, form) && html`<small class="menu-mark">${t("begun")}</small>`}</button>`;
  const items = formsFor(limits).map((form) => item(form, FORMS[form].icon, FORMS[form].name(channel)));
  if (limits.sends?.includes("template")) items.unshift(item("template", "template", t("Template")));
  if (items.length === 0) return null;
  return html`<${Menu} label=${t("Add")} place="menu-up" button=${(props) => html`<button ...${props} class="button button-quiet button-icon"
    title=${t("Add")} aria-label=${t("Add")}><${Icon} name="plus" /></button>`}>${items}<//>`;
}

/** "photos up to 5 MB", one for each kind a chosen file can become. */
export function limitWords(media) {
  return ["image", "video", "audio", "document"].filter((kind) => media[kind])
    .map((kind) => t("{kinds} up to {max}", { kinds: fileKinds(kind), max: sizeWords(media[kind].max_bytes) }));
}
