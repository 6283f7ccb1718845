/** The page's one stream of changes. A hidden page looks at nothing, so nothing is read meanwhile. */

import { notice, t } from "./dom.js";

export class Live {
  constructor(take) {
    this.take = take;
    this.keys = { followed: [], looked: [] };
    document.addEventListener("visibilitychange", () => this.open());
    addEventListener("pagehide", () => this.source?.close());
  }

  follow(followed, looked) {
    this.keys = { followed, looked };
    this.open();
  }

  open() {
    this.source?.close();
    if (document.hidden) return;
    const query = new URLSearchParams();
    for (const key of new Set(this.keys.followed)) query.append("thread", key);
    for (const key of new Set(this.keys.looked)) query.append("look", key);
    this.source = new EventSource(`/events?${query}`);
    this.source.onopen = () => notice("");
    this.source.onmessage = (event) => this.take(JSON.parse(event.data));
    this.source.onerror = () => notice(t("reconnecting"), true);
  }
}
