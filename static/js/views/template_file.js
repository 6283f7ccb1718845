import { html } from "htm/preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { drop } from "../lib/api.js";
import { refusal, sizeWords } from "../lib/files.js";
import { t } from "../lib/i18n.js";
import { namesOf } from "../lib/tray.js";
import { upload } from "../lib/upload.js";
import { Icon } from "./icon.js";

/** The photo, video or document at the head of a template. */
export function TemplateFile({ id, kind, label, limit, file, onFile }) {
  const [progress, setProgress] = useState(null);
  const [trouble, setTrouble] = useState("");
  const run = useRef(null);
  const input = useRef(null);
  useEffect(() => () => run.current?.cancel(), []);
  const takes = limit ? [namesOf(limit.mime_types).join(", "), t("up to {max}", { max: sizeWords(limit.max_bytes) })].filter(Boolean).join(" · ") : "";
  const take = async () => {
    const [given] = input.current.files;
    input.current.value = "";
    if (!given) return;
    setTrouble("");
    if (limit && refusal(given, kind, { [kind]: limit })) return setTrouble(t("That file does not fit here: {takes}.", { takes }));
    setProgress(0);
    run.current = upload(id, given, { kind, onProgress: setProgress });
    try {
      onFile(await run.current.done);
    } catch (error) {
      if (error.name !== "AbortError") setTrouble(error.detail || t("The file did not get through. Check the connection."));
    }
    setProgress(null);
  };
  const remove = () => {
    drop(`/api/attachments/${file.id}`).catch(() => {});
    onFile(null);
  };
  return html`<div class="field" role="group" aria-label=${label}><span class="label">${label}</span>
    ${file
      ? html`<span class="row"><${Icon} name="file" /><span class="grow cut" dir="auto">${file.name || t("File")}</span>
          <button type="button" class="button button-quiet button-icon" aria-label=${t("Take out {name}", { name: file.name ?? "" })} onClick=${remove}><${Icon} name="close" /></button></span>`
      : html`<span class="row row-wrap"><button type="button" class="button" aria-busy=${progress === null ? null : "true"} onClick=${() => input.current.click()}><${Icon} name="attach" />${t("Choose a file")}</button>
          <span class="quiet small">${takes}</span></span>`}
    ${progress !== null && html`<progress max="1" value=${progress} aria-label=${t("Uploading {name}", { name: label })}></progress>`}
    <span class="wrong small" role="alert">${trouble}</span>
    <input ref=${input} type="file" hidden accept=${limit?.mime_types.join(",") ?? ""} onChange=${take} /></div>`;
}
