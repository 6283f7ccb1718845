/** The advisor's inbox: the page's data first, the live wire behind it. */
import { render } from "preact";
import { html } from "htm/preact";
import { get } from "./lib/api.js";
import { pageData } from "./lib/dom.js";
import { openDrafts } from "./lib/drafts.js";
import { startHandover } from "./lib/handover.js";
import { t } from "./lib/i18n.js";
import { startKeys } from "./lib/keys.js";
import { isLeaving, startLifecycle, stay } from "./lib/lifecycle.js";
import { goLive, hear } from "./lib/live.js";
import { place, startPlace } from "./lib/place.js";
import { resumeUnsent } from "./lib/replies.js";
import { allowSound, play } from "./lib/sound.js";
import { dispatch, me, state } from "./lib/store.js";
import { withDraft } from "./lib/threads.js";
import { setServerTime, startClock } from "./lib/time.js";
import { keepTitle } from "./lib/title.js";
import { mountFoot } from "./views/foot.js";
import { InboxPage } from "./views/inbox_page.js";
import { bindPanes } from "./views/panes.js";

const data = pageData("page-data");
const snapshot = data?.inbox ?? data ?? (await get("/api/inbox"));
const opened = data?.thread ?? data?.conversation ?? null;

setServerTime(snapshot.now);
dispatch({ type: "inbox_loaded", snapshot });
openDrafts(snapshot.me.id);
if (opened?.messages) dispatch({ type: "thread_loaded", snapshot: withDraft(opened) });

startClock();
startKeys();
startPlace();
startLifecycle();
allowSound();
mountFoot();
keepTitle(() => state.value.conversations[place.value.conversationId]?.contact.name ?? t("Inbox"));

const main = document.getElementById("main");
bindPanes(main, () => Boolean(place.value.conversationId));
main.replaceChildren();
render(html`<${InboxPage} />`, main);

resumeUnsent(snapshot.me.id);
startHandover();
hear("push", (push) => {
  if (push.kind !== "MessageReceived") return;
  const name = push.conversation?.contact.name ?? "";
  if (isLeaving(push.conversation_id) === "resolve") stay(push.conversation_id, t("Kept open: {name} wrote again.", { name }));
  const mine = push.conversation?.owner?.id === me.value.id;
  if (mine && document.hidden && me.value.preferences?.sound) play("message");
});
addEventListener("majlis:signed-out", () => {
  const here = encodeURIComponent(location.pathname + location.search);
  location.assign(`/sign-in?next=${here}`);
}, { once: true });
goLive();
