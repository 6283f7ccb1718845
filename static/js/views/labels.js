import { html } from "htm/preact";
import { t } from "../lib/i18n.js";
import { setLabel } from "../lib/labels.js";
import { Icon } from "./icon.js";

/** Every label of the sector is in sight: a press gives it to the customer or takes it off. */
export function Labels({ id, labels, may }) {
  const shown = may ? labels : labels.filter(({ on }) => on);
  if (shown.length === 0) return null;
  return html`<section>
    <h3 id="context-labels">${t("Labels")}</h3>
    <div class="labels" role="group" aria-labelledby="context-labels">
      ${shown.map(({ id: label, name, on }) => may
        ? html`<button key=${label} type="button" class="label-switch" aria-pressed=${String(on)} onClick=${() => setLabel(id, label, !on)}>
            <${Icon} name=${on ? "check" : "plus"} /><bdi>${name}</bdi></button>`
        : html`<span key=${label} class="chip" data-tone="accent"><bdi>${name}</bdi></span>`)}
    </div>
  </section>`;
}
