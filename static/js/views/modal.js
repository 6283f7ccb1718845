import { html } from "htm/preact";
import { useEffect, useId, useRef } from "preact/hooks";
import { t } from "../lib/i18n.js";
import { Icon } from "./icon.js";

/** A dialog over everything; the browser traps and returns the focus. */
export function Modal({ title, onClose, children, kind = "" }) {
  const dialog = useRef(null);
  const name = useId();
  useEffect(() => {
    const opener = document.activeElement;
    dialog.current.showModal();
    return () => opener?.isConnected && opener.focus();
  }, []);
  const closeOutside = (event) => event.target === dialog.current && onClose();
  return html`<dialog ref=${dialog} class=${`modal ${kind}`} aria-labelledby=${name} onCancel=${(event) => {
    event.preventDefault();
    onClose();
  }} onMouseDown=${closeOutside}>
    <div class="dialog-body">
      <header class="row row-apart"><h2 id=${name}>${title}</h2>
        <button type="button" class="button button-quiet button-icon" aria-label=${t("Close")} onClick=${onClose}><${Icon} name="close" /></button>
      </header>
      ${children}
    </div>
  </dialog>`;
}
