/** What is written before the composer is there: a field out of sight takes it, so that no letter is lost or acts. */
import { keepDraft } from "./drafts.js";
import { t } from "./i18n.js";

const touch = matchMedia("(pointer: coarse)");
let open = null;

/** From now on keys belong to the reply to this conversation. Not on touch: a keyboard would cover what is to be read. */
export function typeAhead(id, name) {
  if (touch.matches) return;
  dropTyped();
  const field = document.createElement("textarea");
  field.className = "unseen";
  field.ariaLabel = t("Reply to {name}", { name });
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    dropTyped();
  });
  open = { id, field };
  document.body.append(field);
  field.focus({ preventScroll: true });
}

/** For the composer: {text, focused}, and the field is gone; null when nothing was begun for this conversation. */
export function takeTyped(id) {
  if (open?.id !== id) return null;
  const { field } = open;
  const taken = { text: field.value, focused: document.activeElement === field };
  dropTyped();
  return taken;
}

/** No composer will come: what was written waits as a draft. */
export function keepTyped(id) {
  const typed = takeTyped(id);
  if (typed?.text) keepDraft(id, typed.text);
}

export function dropTyped() {
  open?.field.remove();
  open = null;
}
