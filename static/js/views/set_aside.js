/** Quarantine told plainly: what could not be applied, why, since when, and the command that tries again. */
import { useSignal } from "@preact/signals";
import { html } from "htm/preact";
import { useEffect } from "preact/hooks";
import { get } from "../lib/api.js";
import { dateTime, t } from "../lib/i18n.js";
import { Icon } from "./icon.js";

export function SetAside() {
  const answer = useSignal({ reading: true });
  const read = async () => {
    answer.value = { reading: true };
    try {
      answer.value = await get("/api/quarantine");
    } catch {
      answer.value = { failed: true };
    }
  };
  useEffect(() => {
    read();
  }, []);
  const { reading, failed, items } = answer.value;
  if (reading) return html`<p class="quiet" role="status">${t("Reading…")}</p>`;
  if (failed) {
    return html`<p class="notice" data-tone="breached" role="alert"><${Icon} name="offline" />
      <span class="grow">${t("The list could not be read.")}</span>
      <button class="button" type="button" onClick=${read}>${t("Try again")}</button></p>`;
  }
  if (items.length === 0) {
    return html`<p class="notice" data-tone="met"><${Icon} name="resolve" />
      <span>${t("Nothing is set aside. Everything Meta delivered was understood and applied.")}</span></p>`;
  }
  return html`
    <ul class="panel settings-list">${items.map((item) => html`<${Item} key=${item.id} item=${item} />`)}</ul>
    <p class="hint">${t("After the cause is gone, run on the server:")} <code dir="ltr">majlis replay</code></p>`;
}

function Item({ item }) {
  return html`
    <li class="settings-row">
      <${Icon} name="set-aside" />
      <span class="grow stack">
        <span class="break">${reasonWords(item.reason)}</span>
        <span class="hint break">${[item.inbox ?? t("No known inbox"), dateTime(item.received_at)].join(" · ")}</span>
        ${item.detail && html`<code class="hint break" dir="ltr">${item.detail}</code>`}
      </span>
      ${item.replayed_at && html`<span class="chip" data-tone="met"><${Icon} name="check" />${t("Applied again")}</span>`}
    </li>`;
}

function reasonWords(reason) {
  return {
    unparsable: t("It is no readable JSON"),
    unknown_object: t("A kind of notice this version does not know"),
    unknown_field: t("A kind of change this version does not know"),
    unknown_kind: t("A kind of message this version does not know"),
    unknown_account: t("It is for an account no inbox is connected to"),
    wrong_app: t("It was signed by another app than the inbox belongs to"),
    malformed: t("Something in it is missing or of the wrong kind"),
    refused: t("The database refused a value in it"),
    crashed: t("It stopped the program three times"),
  }[reason] ?? reason;
}
