/** A conversation that others moved into my hands, or out of them: said where I am, and marked until I look. */
import { signal } from "@preact/signals";
import { drafts } from "./drafts.js";
import { t } from "./i18n.js";
import { hear } from "./live.js";
import { conversationPath, go } from "./place.js";
import { me } from "./store.js";
import { play } from "./sound.js";
import { say } from "./toasts.js";

const SHOWN_MS = 8_000;

/** Conversations somebody gave me and I have not opened. */
export const handed = signal(new Set());

export function startHandover() {
  hear("push", (push) => {
    const another = push.actor?.startsWith("user:") && push.actor !== `user:${me.value.id}`;
    if (!another || push.data?.advisor_id !== me.value.id) return;
    if (push.kind === "ConversationAssigned") given(push);
    if (push.kind === "ConversationReleased") taken(push);
  });
}

export function seeHanded(id) {
  if (handed.value.has(id)) handed.value = new Set([...handed.value].filter((one) => one !== id));
}

function given({ conversation_id: id, conversation, actor_name: actor }) {
  handed.value = new Set([...handed.value, id]);
  if (me.value.preferences?.sound) play("offer");
  const words = t("{actor} gave you {name}.", { actor: actor ?? "", name: conversation?.contact.name ?? "" });
  say(words, { act: t("Open"), onAct: () => go(conversationPath(id, "mine")), forMs: SHOWN_MS });
}

function taken({ conversation_id: id, conversation, actor }) {
  seeHanded(id);
  const name = conversation?.contact.name ?? "";
  const owner = conversation?.owner;
  const by = owner && actor === `user:${owner.id}`;
  const words = by ? t("{owner} took over {name}.", { owner: owner.name, name })
    : owner ? t("{name} was passed to {owner}.", { owner: owner.name, name })
    : t("{name} is no longer with you.", { name });
  say(drafts.value[id] ? `${words} ${t("Your draft is kept.")}` : words, { tone: "due-soon", forMs: SHOWN_MS });
}
