import { html } from "htm/preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { dir } from "../lib/i18n.js";

const EDGE = 8;
const narrow = matchMedia("(max-width: 699px)");
const STEPS = { ArrowDown: 1, ArrowUp: -1, ArrowRight: dir === "rtl" ? -1 : 1, ArrowLeft: dir === "rtl" ? 1 : -1 };

/**
 * Something small over everything, beside what opened it; on a phone a sheet at the foot. Arrows move in it, Esc and a
 * press outside close it, and the focus goes back. `anchor`: the element it belongs to.
 */
export function Popover({ anchor, role = "menu", label, kind = "", onClose, children }) {
  const box = useRef(null);
  const closing = useRef(onClose);
  closing.current = onClose;

  useLayoutEffect(() => {
    const opener = document.activeElement;
    const { current } = box;
    current.showPopover();
    place(current, anchor);
    (current.querySelector("[autofocus], [aria-checked='true'], [aria-pressed='true']") ?? reachable(current)[0])?.focus({ preventScroll: true });
    const outside = (event) => current.contains(event.target) || closing.current();
    const moved = () => place(current, anchor);
    addEventListener("pointerdown", outside, true);
    addEventListener("resize", moved);
    return () => {
      removeEventListener("pointerdown", outside, true);
      removeEventListener("resize", moved);
      // Whatever was chosen may have taken the focus already.
      const left = !document.activeElement || document.activeElement === document.body || current.contains(document.activeElement);
      if (left && opener?.isConnected) opener.focus({ preventScroll: true });
    };
  }, []);
  useLayoutEffect(() => place(box.current, anchor));

  const onKeyDown = (event) => {
    if (event.key === "Escape" || (event.key === "Tab" && role === "menu")) closing.current();
    else if (STEPS[event.key] && event.target.tagName !== "INPUT") step(box.current, event);
    else if ((event.key === "Home" || event.key === "End") && event.target.tagName !== "INPUT") reachable(box.current).at(event.key === "Home" ? 0 : -1)?.focus();
    else return event.stopPropagation();
    event.preventDefault();
    event.stopPropagation();
  };
  return html`<div ref=${box} popover="manual" class=${`popover ${kind}`} role=${role} aria-label=${label} onKeyDown=${onKeyDown}>${children}</div>`;
}

function reachable(box) {
  return [...box.querySelectorAll("button:not(:disabled), input:not(:disabled), a[href]")];
}

/** One on; within rows of several, up and down go by rows. */
function step(box, event) {
  const all = reachable(box);
  const here = all.indexOf(document.activeElement);
  const grid = document.activeElement?.closest("[data-columns]");
  const upright = event.key === "ArrowDown" || event.key === "ArrowUp";
  let next = here + STEPS[event.key];
  if (grid && upright) {
    const inside = reachable(grid);
    const first = all.indexOf(inside[0]);
    const target = here - first + STEPS[event.key] * Number(grid.dataset.columns);
    next = target < 0 ? first - 1 : target >= inside.length ? first + inside.length : first + target;
  }
  all[(next + all.length) % all.length]?.focus();
}

function place(box, anchor) {
  if (!box?.matches(":popover-open")) return;
  if (narrow.matches || !anchor?.isConnected) {
    box.style.top = box.style.left = "";
    return;
  }
  const at = anchor.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = box;
  const below = at.bottom + 4 + height <= innerHeight - EDGE;
  const left = dir === "rtl" ? at.right - width : at.left;
  box.style.top = `${Math.max(EDGE, below ? at.bottom + 4 : at.top - height - 4)}px`;
  box.style.left = `${Math.min(Math.max(EDGE, left), Math.max(EDGE, innerWidth - width - EDGE))}px`;
}
