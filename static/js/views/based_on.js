import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../lib/i18n.js";
import { hear } from "../lib/live.js";
import { me, state } from "../lib/store.js";

// Facts of others after which a reply may no longer fit.
const UNSETTLING = /^(MessageQueued|MessageEchoed|Conversation(Assigned|Released|Queued|Resolved|Transferred))$/;

/**
 * The version on the screen when a reply was begun: what comes after it, its writer may not have read. `begun`: there is
 * something. → {change, take, settle, seen}; `change`: what others did since, in words.
 */
export function useBasedOn(id, begun) {
  const [change, setChange] = useState(null);
  const basedOn = useRef(null);
  const version = () => state.value.versions[`conversation:${id}`] ?? state.value.conversations[id]?.version ?? 0;
  if (begun && basedOn.current === null) basedOn.current = version();

  useEffect(() => hear("push", (push) => {
    const others = push.conversation_id === id && push.actor !== `user:${me.value.id}` && UNSETTLING.test(push.kind);
    if (others && basedOn.current !== null && push.version > basedOn.current) setChange({ at: push.at, words: wordsOf(push) });
  }), [id]);

  const settle = () => {
    basedOn.current = null;
    setChange(null);
  };
  const seen = () => {
    basedOn.current = version();
    setChange(null);
  };
  const take = () => {
    const found = basedOn.current ?? version();
    settle();
    return found;
  };
  return { change, take, settle, seen };
}

function wordsOf(push) {
  if (push.kind.startsWith("Message")) {
    return push.actor === "bot" ? t("The bot replied.") : t("{name} replied.", { name: push.actor_name || t("A colleague") });
  }
  return push.fact?.words || t("The conversation changed.");
}
