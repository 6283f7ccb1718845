/** The clocks of an opened conversation. */
import { get } from "./api.js";
import { debounce } from "./dom.js";
import { hear } from "./live.js";
import { dispatch } from "./store.js";

const WAIT_MS = 300;
const MOVES = /^(Sla|PriorityChanged)/;

/** Reads them again when one moved; the next of them comes with every summary, so nothing is wrong meanwhile. → stop */
export function followTimers(id) {
  const read = debounce(WAIT_MS, async () => {
    try {
      dispatch({ type: "thread_marked", id, patch: await get(`/api/conversations/${id}/timers`) });
    } catch {
      // The next one that moves asks again.
    }
  });
  const stop = hear("push", (push) => push.conversation_id === id && MOVES.test(push.kind) && read());
  return () => {
    stop();
    read.cancel();
  };
}
