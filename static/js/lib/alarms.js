/** Accounts at Meta that need somebody: told to those who look after them, wherever they are. */
import { t } from "./i18n.js";
import { hear } from "./live.js";
import { me } from "./store.js";
import { say } from "./toasts.js";

export function startAlarms() {
  hear("push", (push) => {
    const words = wordsOf(push);
    // On the page that tells more it would only be in the way.
    if (!words || location.pathname === "/meta-health") return;
    const opens = me.value?.role === "administrator";
    say(words, {
      tone: "failed", forMs: 20_000,
      ...(opens ? { act: t("Meta health"), onAct: () => location.assign("/meta-health") } : {}),
    });
  });
}

function wordsOf(push) {
  if (push.kind === "SendingPaused") return t("An inbox is disconnected from Meta: nothing leaves it. Messages still come in.");
  const critical = push.kind === "AccountAlerted" && push.data.severity === "critical";
  return critical ? t("Meta reports trouble with one of your accounts.") : null;
}
