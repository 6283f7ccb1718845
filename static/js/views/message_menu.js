import { html } from "htm/preact";
import { useState } from "preact/hooks";
import { t } from "../lib/i18n.js";
import { say } from "../lib/toasts.js";
import { Icon } from "./icon.js";
import { Popover } from "./popover.js";
import { AllReactions, QuickReactions } from "./reaction_picker.js";

/** What can be done with one message. `opened`: {anchor, part: "menu"|"react"}; `acts`: {quote, earlier, history} where they are possible. */
export function MessageMenu({ message, opened, reactions, acts, onClose }) {
  const [all, setAll] = useState(false);
  const files = (message.attachments ?? []).filter((file) => file.state === "stored");
  const then = (run) => () => {
    onClose();
    run();
  };
  if (all) {
    return html`<${Popover} key="all" anchor=${opened.anchor} role="dialog" label=${t("React")} kind="emoji-all" onClose=${onClose}>
      <${AllReactions} message=${message} onDone=${onClose} /><//>`;
  }
  const row = reactions && html`<${QuickReactions} message=${message} allowed=${reactions.allowed} onDone=${onClose} onMore=${() => setAll(true)} />`;
  if (opened.part === "react") {
    return html`<${Popover} key="react" anchor=${opened.anchor} label=${t("React")} kind="emoji-quick" onClose=${onClose}>${row}<//>`;
  }
  const item = (icon, words, run, turns = false) => html`<button type="button" role="menuitem" onClick=${run}><${Icon} name=${icon} turns=${turns} />${words}</button>`;
  return html`<${Popover} key="menu" anchor=${opened.anchor} label=${t("What to do with this message")} kind="message-menu menu" onClose=${onClose}>
    ${row}
    ${acts.quote && item("reply", t("Reply to this"), then(acts.quote), true)}
    ${message.text && item("copy", t("Copy the words"), then(() => copy(message.text)))}
    ${files.map((file) => html`<a key=${file.id} role="menuitem" href=${`${file.url}?download=1`} download=${file.name ?? ""} onClick=${onClose}>
      <${Icon} name="download" /><span class="cut">${file.name ? t("Download {name}", { name: file.name }) : t("Download")}</span></a>`)}
    ${acts.earlier && item("edit", t("What it said before"), then(acts.earlier))}
    ${acts.history && item("clock", t("History of sending"), then(acts.history))}
  <//>`;
}

/** Whether there is anything to open. */
export function hasMenu(message, reactions, acts) {
  return Boolean(reactions || acts.quote || acts.history || acts.earlier || message.text || message.attachments?.some((file) => file.state === "stored"));
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    say(t("Copied"), { forMs: 2000 });
  } catch {
    say(t("The browser does not allow copying here."), { tone: "failed" });
  }
}
