"""What the stand-in server knows, and how it changes: a test moves it and looks at the page."""

import asyncio
import copy
from datetime import UTC, datetime
from typing import Any

import socketio
from console.stand_in_data import ME, Json, iso, last_of, message, quote_of, thread

from server.web import i18n


class World:
    """Every change is pushed to whoever is connected."""

    def __init__(self, *, language: str = "en", theme: str = "") -> None:
        self.me = copy.deepcopy(ME) | {"language": language}
        self.me["preferences"]["theme"] = theme
        self.summaries: dict[int, Json] = {}
        self.threads: dict[int, Json] = {}
        self.offers: list[Json] = []
        self.feed: list[Json] = []
        self.commands: dict[str, tuple[int, Json]] = {}
        self.requests: list[tuple[str, str, Json]] = []
        self.refuse_next: tuple[int, Json] | None = None
        self.refused_label = ""
        self.broken = False
        self.beats = True
        self.live = True
        self.targets: Json = {"queues": [], "advisors": []}
        self.sockets = socketio.AsyncServer(async_mode="aiohttp", cors_allowed_origins=[])
        self.ids = iter(range(50_000, 90_000))
        self.uploads: list[Json] = []
        self.uploads_go = asyncio.Event()
        self.uploads_go.set()

    def now(self) -> datetime:
        return datetime.now(UTC)

    def hold(self, *pairs: tuple[Json, Json]) -> "World":
        for of, opened in pairs:
            self.summaries[of["id"]] = of
            self.threads[of["id"]] = opened
        return self

    def inbox(self) -> Json:
        mine = [of for of in self.summaries.values() if of["owner"] and of["owner"]["id"] == self.me["id"]]
        held = [of for of in mine if of["state"] in ("assigned", "snoozed")]
        return {
            "cursor": len(self.feed),
            "now": iso(self.now()),
            "me": self.me,
            "conversations": held,
            "offers": self.offers,
        }

    def opened(self, number: int) -> Json:
        of, held = self.summaries[number], self.threads[number]
        newest = [self._told(each) for each in held["messages"][-50:]]
        return {"cursor": len(self.feed), "conversation": of} | held | {
            "messages": newest, "more": len(held["messages"]) > 50,
        }  # fmt: skip

    def _told(self, message: Json) -> Json:
        """What the server itself says of it, in the reader's language."""
        text = i18n.catalogue(self.me["language"]).gettext
        files = [each | {"reason": each["reason"] and text(each["reason"])} for each in message["attachments"]]
        told = message | {"kind_name": text(message["kind_name"]), "attachments": files}
        if "unsupported" in message["body"]:
            said = message["body"]["unsupported"]
            told["body"] = message["body"] | {"unsupported": said | {"reason": text(said["reason"])}}
        return told

    async def customer_writes(self, number: int, text: str, *, quiet: bool = False) -> Json:
        sent = message(next(self.ids), number, "customer", text, iso(self.now()))
        waits = {"unread": self.summaries[number]["unread"] + 1, "waiting_since": sent["at"]}
        return await self.said(sent, "MessageReceived", "customer", quiet=quiet, **waits)

    async def colleague_replies(self, number: int, text: str, *, by: str = "Omar Nasser") -> Json:
        sent = message(next(self.ids), number, "advisor", text, iso(self.now()), author_name=by, status="queued")
        return await self.said(sent, "MessageQueued", "user:8", actor_name=by)

    def message(self, number: int, message_id: int) -> Json:
        return next(one for one in self.threads[number]["messages"] if one["id"] == message_id)

    async def moves(self, number: int, message_id: int, status: str, **given: Any) -> Json:
        found = self.message(number, message_id)
        found |= {"status": status, "status_at": iso(self.now())} | given
        return await self.push(number, "MessageMoved", message=found, data={"message_id": message_id, "status": status})

    async def label(self, number: int, label: str, *, on: bool) -> Json:
        [found] = [one for one in self.threads[number]["context"]["labels"] if one["id"] == label]
        found["on"] = on
        kind = "ContactLabelled" if on else "ContactUnlabelled"
        return await self.push(number, kind, actor="user:8", data={"label": label})

    async def make_offer(self, offer: Json) -> None:
        self.offers.append(offer)
        self.summaries[offer["conversation"]["id"]] = offer["conversation"]
        wants = message(next(self.ids), offer["conversation"]["id"], "customer", offer["wants"], iso(self.now()))
        self.threads[offer["conversation"]["id"]] = thread(offer["conversation"], [wants])
        await self.push(offer["conversation"]["id"], "OfferMade", offer=offer, data={"offer_id": offer["id"]})

    async def end_offer(self, offer_id: int, kind: str) -> None:
        offer = next(one for one in self.offers if one["id"] == offer_id)
        self.offers.remove(offer)
        await self.push(offer["conversation"]["id"], kind, data={"offer_id": offer_id})

    async def change(self, number: int, kind: str, words: str = "", **given: Any) -> Json:
        """Owner, state or anything of the summary; with `words` it is a line in the thread."""
        self.summaries[number] |= given
        held = self.threads[number]
        held["may"] = thread(self.summaries[number], [])["may"]
        fact = None
        if words:
            version = self.summaries[number]["version"] + 1
            fact = {
                "version": version,
                "kind": kind,
                "at": iso(self.now()),
                "actor_name": None,
                "data": {},
                "words": words,
            }
            held["facts"].append(fact)
        return await self.push(number, kind, fact=fact)

    async def push(
        self, number: int, kind: str, *, actor: str = "system", actor_name: str | None = None, quiet: bool = False,
        data: Json | None = None, **shown: Any,
    ) -> Json:  # fmt: skip
        """`quiet`: committed, but lost on its way to the browser."""
        of = self.summaries[number]
        of["version"] += 1
        made: Json = {
            "id": len(self.feed) + 1, "stream": f"conversation:{number}", "version": of["version"], "kind": kind,
            "at": iso(self.now()), "actor": actor, "actor_name": actor_name, "conversation_id": number,
            "data": data or {}, "conversation": of,
        }  # fmt: skip
        made |= {key: value for key, value in shown.items() if value is not None}
        made = copy.deepcopy(made)
        self.feed.append(made)
        if not quiet:
            await self.sockets.emit("event", made)
        return made

    async def beat(self) -> None:
        heads = {of["sector"]: len(self.feed) for of in self.summaries.values()}
        await self.sockets.emit(
            "beat", {"cursor": len(self.feed), "heads": heads, "at": iso(self.now()), "live": self.live}
        )

    def stale(self, number: int, body: Json) -> Json | None:
        """The refusal, when others acted since the version the reply was based on."""
        newer = [
            one for one in self.feed
            if one["conversation_id"] == number and one["version"] > body["based_on_version"]
            and one["actor"].startswith("user:") and one["actor"] != f"user:{self.me['id']}"
        ]  # fmt: skip
        changes = [
            {"kind": one["kind"], "at": one["at"], "actor_name": one["actor_name"],
             "words": f"{one['actor_name']} replied"}
            for one in newer
        ]  # fmt: skip
        refusal = {"type": "/problems/stale-reply", "title": "Stale", "status": 409, "detail": "", "changes": changes}
        return refusal if newer else None

    async def reply(self, number: int, body: Json) -> tuple[int, Json]:
        if refusal := self.stale(number, body):
            return 409, refusal
        sent = message(next(self.ids), number, "advisor", body["text"], iso(self.now()), status="queued")
        if quoted := next((one for one in self.threads[number]["messages"] if one["id"] == body.get("reply_to")), None):
            sent["reply_to"] = quote_of(quoted)
        await self.said(sent, "MessageQueued", f"user:{self.me['id']}", actor_name=self.me["name"], unread=0,
                         waiting_since=None, timer=None)  # fmt: skip
        return 201, {"message": sent, "version": self.summaries[number]["version"]}

    async def said(self, sent: Json, kind: str, actor: str, *, actor_name: str | None = None, quiet: bool = False,
                    **summary: Any) -> Json:  # fmt: skip
        number = sent["conversation_id"]
        last = last_of(sent)
        self.threads[number]["messages"].append(sent)
        self.summaries[number] |= {"last_message": last, "last_message_at": sent["at"]} | summary
        return await self.push(number, kind, actor=actor, actor_name=actor_name, quiet=quiet, message=sent,
                               data={"message_id": sent["id"]})  # fmt: skip
