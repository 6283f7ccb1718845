import { html } from "htm/preact";
import { useLayoutEffect, useState } from "preact/hooks";

const FEW = 40;
const SPARE = 6;

/** A long list draws only the rows in sight. `row(item, [place, of])`; `box` is the ref of what scrolls. */
export function Windowed({ items, box, rowHeight, row, label }) {
  const [view, setView] = useState({ top: 0, height: 800 });
  useLayoutEffect(() => {
    const element = box.current;
    const look = () => setView((before) => {
      const next = { top: Math.floor(element.scrollTop / rowHeight), height: element.clientHeight };
      return next.top === before.top && next.height === before.height ? before : next;
    });
    look();
    element.addEventListener("scroll", look, { passive: true });
    const resized = new ResizeObserver(look);
    resized.observe(element);
    return () => {
      element.removeEventListener("scroll", look);
      resized.disconnect();
    };
  }, [rowHeight]);
  const few = items.length <= FEW;
  const from = few ? 0 : Math.max(0, view.top - SPARE);
  const to = few ? items.length : Math.min(items.length, view.top + Math.ceil(view.height / rowHeight) + SPARE);
  const space = (rows) => html`<li role="presentation" aria-hidden="true" style=${{ blockSize: `${rows * rowHeight}px` }}></li>`;
  return html`<ul class="conversations" aria-label=${label}>
    ${from > 0 && space(from)}
    ${items.slice(from, to).map((item, index) => row(item, [from + index + 1, items.length]))}
    ${to < items.length && space(items.length - to)}
  </ul>`;
}
