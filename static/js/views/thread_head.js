import { html } from "htm/preact";
import { useState } from "preact/hooks";
import { deadlines } from "../lib/expiry.js";
import { t } from "../lib/i18n.js";
import { isMine } from "../lib/select.js";
import { state } from "../lib/store.js";
import { now } from "../lib/time.js";
import { stateName } from "../lib/words.js";
import { Avatar } from "./avatar.js";
import { DeadlineChip } from "./clock_chip.js";
import { contextOpen, toggleContext } from "./context_panel.js";
import { Icon } from "./icon.js";
import { Menu } from "./menu.js";

/** Who this is and what can be done with the conversation. `acts`: {resolve, handBack, transfer, takeOver}. */
export function ThreadHead({ summary, thread, acts, onBack }) {
  const may = thread?.may ?? {};
  const { contact } = summary;
  return html`<header class="pane-head thread-head">
    ${onBack && html`<button type="button" class="button button-quiet button-icon pane-back" aria-label=${t("Back to the list")} onClick=${onBack}>
      <${Icon} name="back" turns=${true} /></button>`}
    <${Avatar} name=${contact.name} channel=${summary.channel} />
    <div class="grow thread-title">
      <div class="row thread-name"><h2 class="cut" dir="auto">${contact.name || t("No name given")}</h2>
        <${Labels} labels=${thread?.context?.labels ?? []} /></div>
      <p class="cut quiet small" dir="auto">${placeOf(summary)}</p>
    </div>
    ${summary.state !== "resolved" && html`<${Clocks} summary=${summary} timers=${thread?.timers ?? []} />`}
    <div class="thread-acts" role="group" aria-label=${t("Conversation")}>
      ${may.take_over && html`<${Act} primary=${true} icon="take-over" words=${t("Take over")} run=${acts.takeOver} />`}
      ${may.hand_back && html`<${Act} wide=${true} icon="hand-back" words=${t("Hand back")} run=${acts.handBack} />`}
      ${(may.transfer || may.reassign) && html`<${Act} wide=${true} icon="transfer" words=${may.transfer ? t("Transfer") : t("Reassign")} run=${acts.transfer} />`}
      ${may.resolve && html`<${Act} primary=${!may.take_over} icon="resolve" words=${t("Resolve")} run=${acts.resolve} />`}
      <button type="button" class="button button-quiet button-icon wide-only" aria-pressed=${String(contextOpen.value)} title=${t("Details")}
        aria-label=${t("Details")} onClick=${toggleContext}><${Icon} name="panel" turns=${true} /></button>
      <${More} may=${may} acts=${acts} />
    </div>
  </header>`;
}

/** The next thing that expires; beside it, where there is room, until when all of it is to be done. */
function Clocks({ summary, timers }) {
  const [next, ...later] = deadlines(summary, timers, now.value);
  if (!next) return null;
  const resolution = later.find(({ target }) => target === "resolution");
  return html`<div class="row thread-clocks">
    ${resolution && html`<${DeadlineChip} expiry=${resolution} named=${true} quiet=${resolution.level === "met"} />`}
    <${DeadlineChip} expiry=${next} /></div>`;
}

function Labels({ labels }) {
  return labels.filter(({ on }) => on).map(({ id, name }) => html`<span key=${id} class="chip thread-label" data-tone="accent"><bdi>${name}</bdi></span>`);
}

function Act({ icon, words, run, primary = false, wide = false }) {
  const [busy, setBusy] = useState(false);
  const act = async () => {
    setBusy(true);
    await run();
    setBusy(false);
  };
  return html`<button type="button" class=${`button act ${primary ? "act-primary" : "button-quiet"} ${wide ? "wide-only" : ""}`}
    title=${words} disabled=${busy} onClick=${act}><${Icon} name=${icon} turns=${icon !== "resolve"} /><span class="act-words">${words}</span></button>`;
}

/** Where there is no room for all buttons. */
function More({ may, acts }) {
  const item = (icon, words, run) => html`<button type="button" role="menuitem" onClick=${run}><${Icon} name=${icon} turns=${true} />${words}</button>`;
  return html`<div class="narrow-only"><${Menu} label=${t("More")} place="menu-end" button=${(props) => html`
    <button ...${props} class="button button-quiet button-icon" aria-label=${t("More")}><${Icon} name="more" /></button>`}>
    ${may.hand_back && item("hand-back", t("Hand back"), acts.handBack)}
    ${(may.transfer || may.reassign) && item("transfer", may.transfer ? t("Transfer") : t("Reassign"), acts.transfer)}
    ${item("panel", t("Details"), toggleContext)}
  <//></div>`;
}

function placeOf(summary) {
  const owner = isMine(state.value, summary)
    ? null
    : summary.owner ? t("with {name}", { name: summary.owner.name }) : stateName(summary.state);
  // Most inboxes carry their sector's name already.
  const sector = summary.inbox_name.includes(summary.sector_name) ? null : summary.sector_name;
  return [sector, summary.inbox_name, owner].filter(Boolean).join(" · ");
}
