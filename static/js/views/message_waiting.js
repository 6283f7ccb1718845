/** Why a message of ours has not left yet: a clock alone would leave its writer wondering. */
import { html } from "htm/preact";
import { useEffect, useState } from "preact/hooks";
import { get } from "../lib/api.js";
import { t } from "../lib/i18n.js";
import { now } from "../lib/time.js";
import { Icon } from "./icon.js";

// What leaves at once needs no words; what waits is asked about again, since the reason may change.
const PATIENCE_MS = 15_000;
const ASK_EVERY_MS = 30_000;

export function Waiting({ message }) {
  const waited = now.value - Date.parse(message.at);
  return waited < PATIENCE_MS ? null : html`<${Reason} message=${message} turn=${Math.floor((waited - PATIENCE_MS) / ASK_EVERY_MS)} />`;
}

function Reason({ message, turn }) {
  const [words, setWords] = useState(null);
  useEffect(() => {
    let gone = false;
    // A page nobody looks at asks nothing; what is just being called, or could not be read, is not spoken of.
    if (!document.hidden) get(`/api/messages/${message.id}/attempts`).then(({ attempts }) => gone || setWords(wordsOf(attempts.at(-1))), () => {});
    return () => (gone = true);
  }, [message.id, turn]);
  return words && html`<div class="message-trouble" data-tone="due-soon" role="status">
    <${Icon} name="clock" />
    <span><strong>${t("Not sent yet.")}</strong> <bdi>${words}</bdi></span>
  </div>`;
}

function wordsOf(attempt) {
  return attempt?.state === "queued" ? attempt.failure?.words || t("It leaves by itself as soon as Meta takes it.") : null;
}
