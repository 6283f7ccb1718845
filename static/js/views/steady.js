import { useRef, useState } from "preact/hooks";

/**
 * Nothing jumps under the cursor: while `held`, the order on the screen stays and what is new is only counted.
 * → {shown, news, apply}
 */
export function useSteadyOrder(items, held, mustShow) {
  const order = useRef([]);
  const [, redraw] = useState(0);
  const byId = new Map(items.map((item) => [item.id, item]));
  const missing = mustShow && byId.has(mustShow) && !order.current.includes(mustShow);
  if (!held || missing || order.current.length === 0) order.current = items.map((item) => item.id);
  const shown = order.current.map((id) => byId.get(id)).filter(Boolean);
  const apply = () => {
    order.current = items.map((item) => item.id);
    redraw((count) => count + 1);
  };
  return { shown, news: items.length - shown.length, apply };
}
