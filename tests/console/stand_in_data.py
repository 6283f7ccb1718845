"""People and conversations for the console's stand-in server, in the shapes of `server.web.wire`."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from server.domain import kinds
from server.domain.model import Channel
from server.web import limits

Json = dict[str, Any]

ME: Json = {
    "id": 7,
    "name": "Lina Haddad",
    "email": "lina@example.org",
    "role": "advisor",
    "sectors": [{"id": "financial", "name": "Investment Services"}],
    "presence": "online",
    "presence_reason": None,
    "capacity": 5,
    "load": 2,
    "language": "en",
    "preferences": {"theme": "", "sound": False, "desktop_notices": False, "enter_sends": True},
    "rights": {"board": False, "supervise": False, "administer": False, "converse": True},
    "csrf_token": "stand-in",
}
SECTORS = {
    "financial": "Investment Services",
    "hospitality": "Havana Café",
    "education": "School Catering",
}
CHANNELS = ("whatsapp", "instagram", "messenger")
LIMITS = {channel: msgspec.to_builtins(limits.told(Channel(channel))) for channel in CHANNELS}
NAMES = (
    "Maryam Al-Suwaidi", "Jonas Bergström", "خالد المنصوري",
    "Priya Venkataraghavan Subramaniam-Ortega de la Cruz y Villanueva",
    "Ana", "🌙✨", "Tomás Ó Súilleabháin", "نور", "Wei Zhang", "Fatima Zahra El Idrissi",
)  # fmt: skip
LINES = (
    "Can I still join the sukuk offer before Thursday?",
    "Thank you!",
    "هل يمكنني تحويل المحفظة إلى حساب مشترك؟",
    "I have sent the documents twice now and nobody confirmed. Please tell me what is missing.",
    "👍",
    "What are the fees for the balanced fund, and is there a minimum?",
)


def iso(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def ago(now: datetime, **spans: float) -> str:
    return iso(now - timedelta(**spans))


def ahead(now: datetime, **spans: float) -> str:
    return iso(now + timedelta(**spans))


def summary(number: int, now: datetime, **given: Any) -> Json:
    """A conversation of mine whose customer waits; `given` overrides."""
    channel = CHANNELS[number % 3]
    sector = given.pop("sector", "financial")
    made: Json = {
        "id": number,
        "version": 10,
        "sector": sector,
        "sector_name": SECTORS[sector],
        "channel": channel,
        "inbox": f"{sector}-{channel}",
        "inbox_name": f"{SECTORS[sector]} {channel.title()}",
        "state": "assigned",
        "priority": ("normal", "urgent", "high", "low")[number % 4],
        "queue": "investments",
        "queue_name": "Investments",
        "owner": {"id": ME["id"], "name": ME["name"]},
        "contact": {"id": 500 + number, "name": NAMES[number % len(NAMES)], "username": None},
        "language": "ar" if number % 5 == 2 else "en",
        "last_message": None,
        "unread": 0,
        "waiting_since": None,
        "opened_at": ago(now, hours=3, minutes=number),
        "last_message_at": ago(now, minutes=number),
        "resolved_at": None,
        "window_closes_at": ahead(now, hours=23 - number % 22),
        "people_until": None,
        "private_reply": None,
        "timer": None,
    }
    return made | given


def timer(now: datetime, seconds: float, *, warn: float = 300, target: str = "next_response") -> Json:
    due = now + timedelta(seconds=seconds)
    state = "running" if seconds > 0 else "breached"
    return {
        "target": target,
        "state": state,
        "due_at": iso(due),
        "warn_at": iso(due - timedelta(seconds=warn)),
        "breached_at": iso(due) if state == "breached" else None,
    }


def message(number: int, conversation_id: int, author: str, text: str, at: str, **given: Any) -> Json:
    inbound = author == "customer"
    kind = given.get("kind", "text")
    made: Json = {
        "id": number,
        "conversation_id": conversation_id,
        "direction": "inbound" if inbound else "outbound",
        "author": author,
        "author_name": ME["name"] if author == "advisor" else None,
        "kind": "text",
        "kind_name": kinds.name(kind),
        "text": text,
        "body": {},
        "at": at,
        "status": None if inbound else "read",
        "status_at": None if inbound else at,
        "failure": None,
        "uncertain": False,
        "reply_to": None,
        "referral": None,
        "edited_at": None,
        "earlier": [],
        "revoked_at": None,
        "attachments": [],
        "reactions": [],
        "may": {"react": inbound, "quote": kinds.speaks(kind)},
    }
    return made | given


def last_of(message: Json) -> Json:
    """The message as lists tell of it."""
    return {key: message[key] for key in ("id", "author", "kind", "kind_name", "text", "at", "status")}


def quote_of(message: Json) -> Json:
    return {key: message[key] for key in ("id", "text", "author", "kind", "kind_name")}


def window(of: Json, **given: Any) -> Json:
    """Meta's verdict about free words now."""
    closes = of["window_closes_at"]
    made: Json = {
        "open": True, "until": closes, "by": "window", "reason": None, "words": None, "remedy": None, "closed_at": None,
        "free_until": None, "marketing_stopped": False,
    }  # fmt: skip
    if closes is None:
        # They only commented.
        reply = of["private_reply"]
        made |= {"until": reply["until"], "by": "private_reply"}
        if reply["answered"]:
            made |= {"open": False, "until": None, "by": None, "reason": "one_private_reply", "remedy": "wait",
                     "words": "They have not answered in private yet."}  # fmt: skip
        return made | given
    if datetime.fromisoformat(closes) <= datetime.now(UTC):
        made |= {"open": False, "until": None, "by": None, "reason": "window_over", "closed_at": closes,
                 "words": "More than 24 hours have passed since the customer last wrote.",
                 "remedy": "wait" if of["channel"] == "instagram" else "template"}  # fmt: skip
        if of["people_until"] and datetime.fromisoformat(of["people_until"]) > datetime.now(UTC):
            made |= {"open": True, "until": of["people_until"], "by": "human_agent", "reason": None, "words": None,
                     "remedy": None, "closed_at": None}  # fmt: skip
    return made | given


def labels() -> list[Json]:
    return [
        {"id": "complaint", "name": "Open complaint", "on": False},
        {"id": "vip", "name": "VIP client", "on": True},
    ]


def thread(of: Json, messages: list[Json], **given: Any) -> Json:
    mine = bool(of["owner"]) and of["owner"]["id"] == ME["id"] and of["state"] == "assigned"
    made: Json = {
        "messages": messages,
        "notes": [],
        "facts": [],
        "context": {
            "identities": [{"kind": "phone", "label": "+971 50 123 4567", "picture": None}],
            "earlier": [],
            "referral": None,
            "labels": labels(),
        },
        "timers": [of["timer"]] if of["timer"] else [],
        "draft": "",
        "may": {
            "reply": mine, "resolve": mine, "hand_back": mine, "transfer": mine,
            "take_over": False, "reassign": False, "note": True,
        },
        "limits": LIMITS[of["channel"]], "window": window(of),
    }  # fmt: skip
    return made | given
