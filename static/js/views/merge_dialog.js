import { html } from "htm/preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { newId } from "../lib/api.js";
import { debounce } from "../lib/dom.js";
import { dayName, number } from "../lib/format.js";
import { t } from "../lib/i18n.js";
import { FEWEST_LETTERS, mergePeople, readPerson, searchPeople } from "../lib/merging.js";
import { serverNow } from "../lib/time.js";
import { channelName, identityName } from "../lib/words.js";
import { Avatar } from "./avatar.js";
import { Icon } from "./icon.js";
import { Modal } from "./modal.js";

/** Find the other one, see both side by side, then make them one. */
export function MergeDialog({ summary, person, onClose }) {
  const [words, setWords] = useState("");
  const [found, setFound] = useState(null);
  const [other, setOther] = useState(null);
  const [trouble, setTrouble] = useState("");
  const [busy, setBusy] = useState(false);
  const commandId = useRef(newId());
  const wanted = useRef("");
  const look = useRef(debounce(250, async (text) => {
    wanted.current = text;
    try {
      const people = await searchPeople(text);
      if (wanted.current === text) setFound(people);
    } catch (error) {
      setTrouble(error.detail || t("The search did not work. Try again."));
    }
  }));
  useEffect(() => () => look.current.cancel(), []);

  const type = (text) => {
    setWords(text);
    setTrouble("");
    if (text.trim().length >= FEWEST_LETTERS) look.current(text.trim());
    else setFound(null);
  };
  const choose = async (id) => {
    setTrouble("");
    try {
      setOther(await readPerson(id));
    } catch (error) {
      setTrouble(error.detail || t("That did not work. Try again in a moment."));
    }
  };
  const merge = async () => {
    setBusy(true);
    try {
      await mergePeople(person.id, other.id, { conversationId: summary.id, name: person.name || other.name, commandId: commandId.current });
      onClose();
    } catch (error) {
      // The answer is stored under the old id; another try is another command.
      commandId.current = newId();
      setTrouble(error.detail || t("That did not work. Try again in a moment."));
      setBusy(false);
    }
  };
  const others = found?.filter(({ contact }) => contact.id !== person.id);
  return html`<${Modal} title=${t("Merge with another customer")} onClose=${onClose} kind="merge-dialog">
    ${other
      ? html`<p>${t("Are these two the same person? Their conversations come together; it can be undone.")}</p>
        <div class="merge-sides"><${Side} person=${person} title=${t("This customer")} /><${Side} person=${other} title=${t("The other one")} /></div>`
      : html`<label class="field"><span class="label">${t("Name, handle or number")}</span>
          <input type="search" class="input" dir="auto" autofocus value=${words} onInput=${(event) => type(event.currentTarget.value)} /></label>
        <ul class="merge-list" aria-label=${t("Customers found")}>${others?.map(({ contact, conversation }) => html`<li key=${contact.id}>
          <button type="button" class="merge-row" onClick=${() => choose(contact.id)}><${Avatar} name=${contact.name} channel=${conversation.channel} />
            <span class="grow stack"><strong class="cut" dir="auto">${contact.name || t("No name given")}</strong>
              <span class="quiet small cut">${[contact.username && `@${contact.username}`, conversation.inbox_name, dayName(conversation.last_message_at, serverNow())].filter(Boolean).join(" · ")}</span></span>
            <${Icon} name="next" turns=${true} /></button></li>`)}</ul>
        ${others?.length === 0 && html`<p class="quiet" role="status">${t("Nobody else is found by that.")}</p>`}`}
    <p class="wrong" role="alert">${trouble}</p>
    <div class="dialog-foot">
      ${other && html`<button type="button" class="button" onClick=${() => setOther(null)}>${t("Choose another")}</button>`}
      ${other && html`<button type="button" class="button button-primary" disabled=${busy} aria-busy=${busy ? "true" : null} onClick=${merge}><${Icon} name="merge" />${t("Make them one")}</button>`}
      ${!other && html`<button type="button" class="button" onClick=${onClose}>${t("Cancel")}</button>`}</div>
  <//>`;
}

function Side({ person, title }) {
  const talks = person.conversations;
  const last = talks.map((talk) => talk.last_message_at).sort().at(-1);
  return html`<section class="merge-side"><span class="quiet small">${title}</span>
    <strong class="break" dir="auto">${person.name || t("No name given")}</strong>
    <dl>${person.identities.map((identity) => html`<div key=${identity.id}><dt>${identityName(identity.kind)}</dt>
        <dd class="break"><bdi dir="auto">${identity.label || identity.name || "–"}</bdi></dd></div>`)}
      <div><dt>${t("Conversations")}</dt><dd>${number(talks.length)} · ${[...new Set(talks.map((talk) => channelName(talk.channel)))].join(", ")}</dd></div>
      ${last && html`<div><dt>${t("Last message")}</dt><dd>${dayName(last, serverNow())}</dd></div>`}</dl></section>`;
}
