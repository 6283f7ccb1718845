import { html } from "htm/preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";

/** A button with a menu: arrows move, Esc closes and returns the focus. `button` gets the props to spread. */
export function Menu({ button, children, label, place = "" }) {
  const [open, setOpen] = useState(false);
  const root = useRef(null);
  const close = (back) => {
    setOpen(false);
    if (back) root.current?.querySelector("button")?.focus();
  };
  const items = () => [...root.current.querySelectorAll('.menu [role^="menuitem"]')];
  useLayoutEffect(() => {
    if (!open) return undefined;
    (items().find((item) => item.getAttribute("aria-checked") === "true") ?? items()[0])?.focus();
    const outside = (event) => root.current?.contains(event.target) || close(false);
    addEventListener("pointerdown", outside);
    return () => removeEventListener("pointerdown", outside);
  }, [open]);
  const onKeyDown = (event) => {
    if (!open) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape") close(true);
    else if (event.key === "Tab") return close(false);
    else if (step) {
      const all = items();
      all[(all.indexOf(document.activeElement) + step + all.length) % all.length].focus();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return html`<div class="menu-root" ref=${root} onKeyDown=${onKeyDown}>
    ${button({ "aria-haspopup": "menu", "aria-expanded": String(open), type: "button", onClick: () => setOpen(!open) })}
    ${open && html`<div class=${`menu ${place}`} role="menu" aria-label=${label}
      onClick=${(event) => event.target.closest("[data-keeps-open]") || close(true)}>${children}</div>`}
  </div>`;
}
