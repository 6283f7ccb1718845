/** Fingers on a bubble: held long it opens the menu, pulled aside it is quoted. Mouse and pen pass through. */
import { useRef } from "preact/hooks";
import { dir } from "../lib/i18n.js";

const LONG_MS = 450;
const FAR_PX = 56;
const STILL_PX = 10;

/** → handlers to spread on the element that moves. */
export function useTouch({ onLong = null, onPull = null }) {
  const at = useRef(null);
  const end = (element) => {
    clearTimeout(at.current?.timer);
    at.current = null;
    element.style.translate = "";
  };
  return {
    onPointerDown: (event) => {
      if (event.pointerType !== "touch" || !event.isPrimary || event.target.closest("input, video, a")) return;
      const element = event.currentTarget;
      const timer = onLong && setTimeout(() => {
        end(element);
        // What follows the finger's lifting is no press on what lay under it.
        element.addEventListener("click", (click) => { click.preventDefault(); click.stopPropagation(); }, { capture: true, once: true });
        onLong();
      }, LONG_MS);
      at.current = { x: event.clientX, y: event.clientY, timer, pulled: 0 };
    },
    onPointerMove: (event) => {
      if (!at.current || event.pointerType !== "touch") return;
      const across = (event.clientX - at.current.x) * (dir === "rtl" ? -1 : 1);
      const down = Math.abs(event.clientY - at.current.y);
      if (Math.abs(across) > STILL_PX || down > STILL_PX) clearTimeout(at.current.timer);
      if (!onPull || down > Math.abs(across)) return;
      at.current.pulled = Math.max(0, Math.min(FAR_PX * 1.3, across));
      event.currentTarget.style.translate = `${at.current.pulled * (dir === "rtl" ? -1 : 1)}px 0`;
    },
    onPointerUp: (event) => {
      const pulled = at.current?.pulled ?? 0;
      if (at.current) end(event.currentTarget);
      if (pulled >= FAR_PX) onPull?.();
    },
    onPointerCancel: (event) => at.current && end(event.currentTarget),
    onContextMenu: (event) => event.pointerType === "touch" && event.preventDefault(),
  };
}
