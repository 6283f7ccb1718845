import { html } from "htm/preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { command, newId } from "../lib/api.js";
import { number } from "../lib/format.js";
import { t } from "../lib/i18n.js";
import { transfer, transferTargets } from "../lib/lifecycle.js";
import { PRESENCES } from "../lib/person.js";
import { say } from "../lib/toasts.js";
import { presenceName } from "../lib/words.js";
import { Icon } from "./icon.js";
import { Modal } from "./modal.js";

/** To a queue or a colleague, with a note for them. A supervisor who does not own it reassigns with the same sheet. */
export function TransferDialog({ summary, may, onClose, onDone }) {
  const [targets, setTargets] = useState(null);
  const [chosen, setChosen] = useState(null);
  const [note, setNote] = useState("");
  const [trouble, setTrouble] = useState("");
  const [busy, setBusy] = useState(false);
  const commandId = useRef(newId());

  useEffect(() => {
    transferTargets(summary.id).then((found) => setTargets({ ...found, advisors: toChoose(found.advisors, !may.transfer) }), (error) => setTrouble(error.detail || t("The list could not be read. Try again.")));
  }, []);

  const submit = async (event) => {
    event.preventDefault();
    if (!chosen) return setTrouble(t("Choose a queue or a colleague."));
    setBusy(true);
    try {
      if (may.transfer) await transfer(summary.id, chosen.target, note.trim(), commandId.current);
      else await command(`/api/conversations/${summary.id}/reassign`, chosen.target, { commandId: commandId.current, attempts: 4 });
      say(t("{name}: passed on to {target}", { name: summary.contact.name, target: chosen.name }));
      onDone();
    } catch (error) {
      // The answer is stored under the old id; another try is another command.
      commandId.current = newId();
      setTrouble(error.detail || t("That did not work. Try again in a moment."));
      setBusy(false);
    }
  };

  return html`<${Modal} title=${t("Transfer the conversation with {name}", { name: `\u2068${summary.contact.name}\u2069` })} onClose=${onClose} kind="transfer">
    <form class="stack" onSubmit=${submit}>
      ${!targets && !trouble && html`<p class="quiet">${t("Looking who is there…")}</p>`}
      ${targets && html`<${Targets} targets=${targets} queues=${may.transfer} chosen=${chosen} onChoose=${setChosen} />`}
      ${may.transfer && html`<label class="field"><span class="label">${t("Note for whoever takes it")}</span>
        <textarea class="input" rows="2" dir="auto" value=${note} onInput=${(event) => setNote(event.currentTarget.value)} /></label>`}
      <p class="wrong" role="alert">${trouble}</p>
      <div class="dialog-foot">
        <button type="button" class="button" onClick=${onClose}>${t("Cancel")}</button>
        <button type="submit" class="button button-primary" aria-busy=${busy ? "true" : null} disabled=${busy || !targets}>
          <${Icon} name="transfer" turns=${true} />${may.transfer ? t("Transfer") : t("Reassign")}</button>
      </div>
    </form>
  <//>`;
}

/** With the reason why somebody cannot take it; who can comes first. `beyond`: a supervisor may fill more than all places. */
function toChoose(advisors, beyond) {
  const why = ({ presence, load, capacity }) => {
    if (presence === "offline") return presenceName(presence);
    return load >= capacity && !beyond ? t("Full") : null;
  };
  const order = (one) => (one.refused ? PRESENCES.length : PRESENCES.indexOf(one.presence));
  return advisors.map((one) => ({ ...one, refused: why(one) }))
    .sort((a, b) => order(a) - order(b) || a.name.localeCompare(b.name));
}

function Targets({ targets, queues, chosen, onChoose }) {
  const root = useRef(null);
  useEffect(() => root.current.querySelector("input:enabled")?.focus(), []);
  const option = (key, target, name, extra, refused = null) => html`<label class="target" key=${key}>
    <input type="radio" name="target" disabled=${refused !== null} checked=${chosen?.key === key} onChange=${() => onChoose({ key, target, name })} />
    <span class="grow cut" dir="auto">${name}</span>${extra}</label>`;
  return html`<div class="stack" ref=${root}>
    ${queues && html`<fieldset class="targets"><legend class="label">${t("Queues")}</legend>
      ${targets.queues.map((queue) => option(`q${queue.id}`, { queue: queue.id }, queue.name, html`<${Icon} name="queue" />`))}
      ${targets.queues.length === 0 && html`<p class="quiet small">${t("No other queue in this sector.")}</p>`}</fieldset>`}
    <fieldset class="targets"><legend class="label">${t("Colleagues")}</legend>
      ${targets.advisors.map((advisor) => option(`a${advisor.id}`, { advisor_id: advisor.id }, advisor.name, html`
        ${advisor.capacity > 0 && html`<span class="small quiet">${t("{load} of {capacity}", {
          load: number(advisor.load), capacity: number(advisor.capacity) })}</span>`}
        <span class="row small quiet"><span class="presence-mark" data-presence=${advisor.presence}></span>${advisor.refused ?? presenceName(advisor.presence)}</span>`, advisor.refused))}
      ${targets.advisors.length === 0 && html`<p class="quiet small">${t("No colleague of this sector can take it.")}</p>`}</fieldset>
  </div>`;
}
