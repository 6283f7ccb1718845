"""Made-up snapshots for looking at pages without a database: empty, busy, and everything too long."""

from datetime import UTC, datetime, timedelta
from typing import Any

NOW = datetime(2026, 11, 22, 14, 5, 12, tzinfo=UTC)
SECTORS = {
    "en": {"hospitality": "Havana Café", "education": "School Catering", "financial": "Investment Services"},
    "ar": {"hospitality": "مقهى هافانا", "education": "تغذية المدارس", "financial": "خدمات الاستثمار"},
}
QUEUES = {
    "en": {"guests": "Guest desk", "parents": "Parents desk", "investments": "Investment desk"},
    "ar": {"guests": "مكتب الضيوف", "parents": "مكتب أولياء الأمور", "investments": "مكتب الاستثمار"},
}
LONG = "Maximiliane-Theodora Wolfeschlegelsteinhausenbergerdorff al-Hashimi y García de la Concepción"


def me(role: str = "supervisor", language: str = "en", **preferences: Any) -> dict[str, Any]:
    return {
        "id": 7, "name": "Nadia Rahman", "email": "nadia@majlis.example", "role": role,
        "sectors": [{"id": id_, "name": name} for id_, name in SECTORS[language].items()],
        "presence": "online", "presence_reason": None, "capacity": 4, "load": 0, "language": language,
        "preferences": {"theme": "", "sound": True, "desktop_notices": False, "enter_sends": True} | preferences,
        "rights": {
            "board": role != "advisor", "supervise": role in ("supervisor", "administrator"),
            "administer": role == "administrator", "converse": role in ("advisor", "supervisor"),
        },
        "csrf_token": "preview",
    }  # fmt: skip


def board(case: str, language: str) -> dict[str, Any]:
    if case == "empty":
        queues = [_queue(id_, language, 0, None, {}, 0, (0, 0, 0)) for id_ in QUEUES[language]]
        advisors = [_advisor(1, "Amal Haddad", "offline", 900, 0, 4, 0)]
        totals = {"bot": 0, "queued": 0, "offered": 0, "assigned": 0}
    else:
        queues = [
            _queue("guests", language, 2, 48, {"normal": 2}, 1, (6, 0, 0)),
            _queue("parents", language, 0, None, {}, 0, (3, 1, 0)),
            _queue("investments", language, 7, 1265, {"urgent": 2, "high": 1, "normal": 4}, 2, (4, 2, 3)),
        ]
        advisors = [
            _advisor(1, "Amal Haddad", "online", 5400, 4, 4, 0),
            _advisor(2, "Bilal Osman", "online", 640, 2, 4, 1),
            _advisor(3, "Carla Núñez", "online", 95, 1, 3, 0),
            _advisor(4, "Dina Farouk", "wrap_up", 45, 5, 4, 0),
            _advisor(5, LONG if case == "long" else "يوسف الأنصاري", "away", 1260, 3, 12, 0),
            _advisor(6, "Farid Aziz", "offline", 43_000, 0, 4, 0),
        ]
        totals = {"bot": 31, "queued": 9, "offered": 3, "assigned": 15}
        if case == "long":
            queues[0]["name"] = LONG
            totals = {"bot": 10_412, "queued": 1_203, "offered": 118, "assigned": 964}
            queues[2] |= {"waiting": 1201, "longest_wait_since": _ago(200_000), "unserved": 1201}
            queues[2]["helpers"] = [{"id": each["id"], "name": each["name"]} for each in advisors]
    return {"as_of": _iso(NOW), "cursor": 100, "queues": queues, "advisors": advisors, "totals": totals}


def conversations(case: str, language: str) -> list[dict[str, Any]]:
    if case == "empty":
        return []
    rows = [
        _summary(1, language, "financial", "whatsapp", "queued", "urgent", "Omar Khalil", 1265,
                 "I want to put 250,000 into the fund before the end of the quarter. Who can call me?", -195),
        _summary(2, language, "financial", "instagram", "queued", "high", "لينا منصور", 700,
                 "مرحبا، أريد أن أعرف المزيد عن صندوق العقارات والحد الأدنى للاستثمار", 92),
        _summary(3, language, "financial", "whatsapp", "assigned", "normal", "Peter Lindqvist", 260,
                 "Thank you, that is very clear.", 1500, owner=(1, "Amal Haddad")),
        _summary(4, language, "hospitality", "messenger", "assigned", "normal", "Rosa Delgado", 30,
                 "Table for 4 at 20:00, by the window if you can 🙏", 3000, owner=(4, "Dina Farouk")),
        _summary(5, language, "hospitality", "whatsapp", "bot", "normal", "+34 600 123 456", 12,
                 "Here is our menu. What would you like to see?", None, author="bot"),
        _summary(6, language, "education", "messenger", "offered", "low", "Huda Saleh", 64,
                 "Is there a peanut-free plan for grade 3?", 400),
        _summary(7, language, "education", "instagram", "bot", "normal", "👩‍🍳🥗", 5000, "🎉🎉🎉", None),
    ]  # fmt: skip
    if case == "long":
        rows[0]["contact"]["name"] = LONG
        rows[2]["owner"]["name"] = LONG
        rows[1]["last_message"]["text"] = "Donaudampfschifffahrtsgesellschaftskapitänsmütze" * 4
        for number in range(10, 60):
            rows.append(_summary(number, language, "hospitality", "whatsapp", "queued", "normal", f"Guest {number}",
                                 number * 90, "Do you have a table tonight?", 600 - number * 20))  # fmt: skip
    return rows


def _queue(id_: str, language: str, waiting: int, wait: int | None, priorities: dict[str, int], offers: int,
           sla: tuple[int, int, int]) -> dict[str, Any]:  # fmt: skip
    sector = {"guests": "hospitality", "parents": "education", "investments": "financial"}[id_]
    return {
        "id": id_, "name": QUEUES[language][id_], "sector": sector, "sector_name": SECTORS[language][sector],
        "waiting": waiting, "longest_wait_since": None if wait is None else _ago(wait),
        "by_priority": {"urgent": 0, "high": 0, "normal": 0, "low": 0} | priorities, "offers_out": offers,
        "unserved": 0, "helpers": [],
        "sla": {"ok": sla[0], "due_soon": sla[1], "breached": sla[2]},
    }  # fmt: skip


def _advisor(id_: int, name: str, presence: str, since: int, load: int, capacity: int, offers: int) -> dict[str, Any]:
    return {
        "id": id_, "name": name, "sectors": ["hospitality", "financial"], "presence": presence,
        "presence_since": _ago(since), "load": load, "capacity": capacity, "offers": offers,
    }  # fmt: skip


def _summary(id_: int, language: str, sector: str, channel: str, state: str, priority: str, name: str, age: int,
             text: str, due_in: int | None, *, owner: tuple[int, str] | None = None,
             author: str = "customer") -> dict[str, Any]:  # fmt: skip
    queue = {"hospitality": "guests", "education": "parents", "financial": "investments"}[sector]
    timer = None
    if due_in is not None:
        timer = {
            "target": "first_response", "state": "breached" if due_in < 0 else "running",
            "due_at": _iso(NOW + timedelta(seconds=due_in)), "warn_at": _iso(NOW + timedelta(seconds=due_in - 150)),
            "breached_at": None,
        }  # fmt: skip
    return {
        "id": id_, "version": 5, "sector": sector, "sector_name": SECTORS[language][sector], "channel": channel,
        "inbox": f"{sector}-{channel}", "inbox_name": SECTORS[language][sector], "state": state, "priority": priority,
        "queue": queue, "queue_name": QUEUES[language][queue],
        "owner": {"id": owner[0], "name": owner[1]} if owner else None,
        "contact": {"id": id_, "name": name, "username": None}, "language": language,
        "last_message": {"id": id_ * 10, "author": author, "kind": "text", "kind_name": "Text", "text": text,
                         "at": _ago(age), "status": None},
        "unread": 1, "waiting_since": _ago(age), "opened_at": _ago(age + 60), "last_message_at": _ago(age),
        "resolved_at": None, "window_closes_at": _iso(NOW + timedelta(hours=20)), "people_until": None,
        "private_reply": None, "timer": timer,
    }  # fmt: skip


def thread(language: str) -> dict[str, Any]:
    messages = [
        _message(101, "customer", 1265, "Good afternoon. I read about the fund in the paper."),
        _message(102, "system", 1262, "Thank you for writing to us. A colleague answers you here shortly."),
        _message(103, "customer", 1200, "I want to put 250,000 into the fund this quarter. Who can call me?"),
        _message(104, "customer", 195, "هل يمكن أن نتحدث اليوم؟"),
    ]  # fmt: skip
    return {
        "cursor": 100, "conversation": conversations("busy", language)[0], "messages": messages, "more": False,
        "notes": [{"id": 1, "author": {"id": 7, "name": "Nadia Rahman"}, "text": "Called in March; prefers mornings.",
                   "at": _ago(900)}],
        "facts": [{"version": 3, "kind": "ConversationQueued", "at": _ago(1260), "actor_name": None, "data": {},
                   "words": "Waiting in Investment desk"}],
        "timers": [],
        "context": {"identities": [{"kind": "phone", "label": "+34 600 123 456", "picture": None}], "earlier": [],
                    "referral": None, "labels": [{"id": "vip", "name": "VIP client", "on": True}]},
        "draft": "",
        "may": {"reply": False, "resolve": True, "hand_back": False, "transfer": False, "take_over": True,
                "reassign": True, "note": True},
        "limits": {"text": {"unit": "characters", "max": 4096}, "sends": ["text"], "reactions": None},
        "window": None,
    }  # fmt: skip


def person(language: str) -> dict[str, Any]:
    """Who opened conversation 1, merged with somebody a while ago."""
    [first, *_] = conversations("busy", language)
    identity = {"id": 1, "kind": "phone", "label": "+34 600 123 456", "name": "", "picture": None}
    merge = {"id": 1, "by": "person", "by_name": "Nadia Rahman", "at": _ago(90_000), "identities": [2],
             "undone_at": None, "undone_by_name": None, "may_undo": True}  # fmt: skip
    return {"id": 1, "name": first["contact"]["name"], "username": None, "picture": None, "identities": [identity],
            "conversations": [first], "merges": [merge], "may_merge": True}  # fmt: skip


def sessions() -> list[dict[str, Any]]:
    return [
        {"id": 3, "current": True, "seen_at": _ago(4), "address": "81.2.69.142", "browser": "Chrome", "system": "Linux",
         "icon": "device"},
        {"id": 2, "current": False, "seen_at": _ago(90_000), "address": "10.0.0.12", "browser": "Safari",
         "system": "iPhone", "icon": "phone"},
    ]  # fmt: skip


def quarantine(case: str) -> dict[str, Any]:
    if case == "empty":
        return {"items": [], "next": None}
    item = {
        "id": 5, "received_at": _ago(8000), "inbox": None, "path": "entry.0.changes.1",
        "reason": "unknown_account", "detail": "page 104857600012345", "replayed_at": None,
    }  # fmt: skip
    other = {"id": 4, "reason": "malformed", "detail": "messages.2: timestamp is missing",
             "inbox": "hospitality-whatsapp", "replayed_at": _ago(100)}  # fmt: skip
    return {"items": [item, item | other], "next": None}


def _message(id_: int, author: str, age: int, text: str) -> dict[str, Any]:
    ours = author != "customer"
    return {
        "id": id_, "conversation_id": 1, "direction": "outbound" if ours else "inbound", "author": author,
        "author_name": None, "kind": "text", "text": text, "body": {}, "at": _ago(age),
        "status": "read" if ours else None, "status_at": _ago(age - 2) if ours else None, "failure": None,
        "uncertain": False, "reply_to": None, "referral": None, "kind_name": "Text", "edited_at": None,
        "earlier": [], "revoked_at": None, "attachments": [], "reactions": [],
        "may": {"react": not ours, "quote": True},
    }  # fmt: skip


def _ago(seconds: int) -> str:
    return _iso(NOW - timedelta(seconds=seconds))


def _iso(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")
