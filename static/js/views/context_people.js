import { html } from "htm/preact";
import { useEffect, useState } from "preact/hooks";
import { dayName } from "../lib/format.js";
import { t } from "../lib/i18n.js";
import { partPeople, readPerson } from "../lib/merging.js";
import { me } from "../lib/store.js";
import { serverNow } from "../lib/time.js";
import { Icon } from "./icon.js";
import { MergeDialog } from "./merge_dialog.js";

/** Whether this customer is known under other names too; only for those who may say so. `version` moves when it may have changed. */
export function SamePerson({ summary, version }) {
  const [person, setPerson] = useState(null);
  const [merging, setMerging] = useState(false);
  const { id } = summary.contact;
  const may = Boolean(me.value?.rights?.supervise);
  useEffect(() => {
    let wanted = may;
    if (may) readPerson(id).then((found) => wanted && setPerson(found), () => wanted && setPerson(null));
    return () => (wanted = false);
  }, [id, may, version]);
  if (!person?.may_merge) return null;
  const merges = person.merges.filter((merge) => !merge.undone_at);
  return html`<section class="same-person">
    <h3>${t("Same person")}</h3>
    ${merges.length > 0 && html`<ul class="stack">${merges.map((merge) => html`<li key=${merge.id} class="row row-apart small">
      <span>${merge.by === "person" ? t("Merged by {name}", { name: merge.by_name ?? "" }) : t("Merged: Meta named both as one")}
        <span class="quiet"> · ${dayName(merge.at, serverNow())}</span></span>
      ${merge.may_undo && html`<button type="button" class="button button-quiet" onClick=${() => partPeople(merge.id, summary.id)}>${t("Part them")}</button>`}</li>`)}</ul>`}
    <button type="button" class="button" onClick=${() => setMerging(true)}><${Icon} name="merge" />${t("Merge with another customer")}</button>
    ${merging && html`<${MergeDialog} summary=${summary} person=${person} onClose=${() => setMerging(false)} />`}
  </section>`;
}
