import { html } from "htm/preact";
import { t } from "../lib/i18n.js";
import { toasts } from "../lib/toasts.js";
import { Icon } from "./icon.js";

export function Toasts() {
  return html`<div class="toasts" role="status" aria-live="polite">
    ${toasts.value.map((toast) => html`<div class="toast" key=${toast.id} data-toned=${toast.tone}>
      ${toast.tone && html`<${Icon} name="alert" />`}
      <span class="grow break">${toast.words}</span>
      ${toast.act && html`<button type="button" class="toast-act" onClick=${() => { toast.close(); toast.onAct(); }}>${toast.act}</button>`}
      <button type="button" class="toast-close" aria-label=${t("Close")} onClick=${toast.close}><${Icon} name="close" /></button>
    </div>`)}
  </div>`;
}
