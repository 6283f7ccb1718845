"""Scenes the console is looked at in: how many conversations, and what happened in them."""

from datetime import datetime, timedelta

from console import stand_in_pages, stand_in_said, stand_in_whatsapp
from console.stand_in_data import LINES, Json, ago, ahead, iso, labels, last_of, message, summary, thread, timer


def talk(of: Json, now: datetime, *, first_id: int, lines: int = 6) -> list[Json]:
    """A short exchange that ends with the customer's words."""
    number = of["id"]
    found = []
    for index in range(lines):
        author = "customer" if (lines - index) % 2 else "advisor"
        at = now - timedelta(minutes=number) - timedelta(minutes=4 * (lines - 1 - index))
        found.append(message(first_id + index, number, author, LINES[(number + index) % len(LINES)], iso(at)))
    return found


def many(now: datetime, count: int) -> list[tuple[Json, Json]]:
    """`count` conversations; the first have clocks."""
    made = []
    for number in range(1, count + 1):
        of = summary(number, now)
        messages = talk(of, now, first_id=number * 1000)
        last = messages[-1]
        of["last_message"] = last_of(last)
        of["last_message_at"] = last["at"]
        if number % 3 == 1:
            of |= {"unread": number % 4 + 1, "waiting_since": last["at"], "timer": timer(now, (number - 3) * 47 + 30)}
        made.append((of, thread(of, messages)))
    return made


def rich(now: datetime) -> tuple[Json, Json]:
    """Everything a thread can hold, in one."""
    of = summary(1, now, unread=2, waiting_since=ago(now, minutes=3), timer=timer(now, 95), priority="urgent")
    of["contact"] = {"id": 501, "name": "Maryam Al-Suwaidi", "username": "maryam.s"}
    options = [
        {"id": "hours", "title": "Opening hours", "description": "When we are there"},
        {"id": "fees", "title": "Fees", "description": ""},
        {"id": "person", "title": "Talk to a person", "description": "An advisor of the desk"},
    ]
    choices = {"kind": "choices", "text": "How can we help you today?", "options": options, "button": "Choose"}
    refused = {
        "code": 131026,
        "title": "Undeliverable",
        "words": "WhatsApp could not deliver to this number.",
        "act": "retry",
    }
    late = {"code": 131047, "title": "Window", "words": "The 24 hours for free replies are over.", "act": "template"}
    quoted = {"id": 1008, "text": LINES[5], "author": "customer", "kind": "text", "kind_name": "Text"}
    advert = {"source": "ad", "source_id": "120200000000001", "headline": "Sukuk 2027: from 5,000", "body": {}}
    messages: list[Json] = [
        message(1001, 1, "customer", "Hello", ago(now, days=1, hours=2), referral=advert),
        message(1002, 1, "system", "Thank you for writing to Investment Services. An advisor answers you here shortly.",
                ago(now, days=1, hours=1, minutes=59)),
        message(1003, 1, "bot", str(choices["text"]), ago(now, days=1, hours=1, minutes=50), kind="choices",
                body=choices),
        message(1004, 1, "customer", "Talk to a person", ago(now, days=1, hours=1, minutes=49), kind="interactive"),
        message(1005, 1, "advisor", "Good morning Maryam, Omar here. What would you like to know?", ago(now, hours=5),
                author_name="Omar Nasser", status="read"),
        message(1006, 1, "customer", "", ago(now, hours=4, minutes=58), kind="image"),
        message(1007, 1, "customer", "هذه صورة جواز السفر. رقم الطلب AB-12345 من فضلك", ago(now, hours=4, minutes=57)),
        message(1008, 1, "customer", LINES[5], ago(now, hours=4)),
        message(1009, 1, "advisor", "The fee is 0.9 % a year and there is no minimum: https://example.org/fees.",
                ago(now, hours=3), status="delivered", reply_to=quoted),
        message(1010, 1, "advisor", "Shall I book a call?", ago(now, hours=2, minutes=59), status="failed",
                failure=refused),
        message(1011, 1, "advisor", "Or would you rather write?", ago(now, hours=2, minutes=58), status="uncertain",
                uncertain=True),
        message(1012, 1, "advisor", "I am here until six.", ago(now, hours=2, minutes=57), status="failed",
                failure=late),
        message(1013, 1, "advisor", "Your documents are complete.", ago(now, hours=1), status="sent"),
        message(1014, 1, "customer", "👍🎉", ago(now, minutes=4)),
        message(1015, 1, "customer", "Can I still join the sukuk offer before Thursday?", ago(now, minutes=3)),
    ]  # fmt: skip
    last = messages[-1]
    of["last_message"] = last_of(last)
    of["last_message_at"] = last["at"]
    notes = [
        {"id": 1, "author": {"id": 8, "name": "Omar Nasser"}, "at": ago(now, hours=4, minutes=30),
         "text": "Checked her file: the passport copy is still missing page 2."},
    ]  # fmt: skip
    facts = [
        _fact(2, "HandedOff", ago(now, days=1, hours=1, minutes=48), "Handed off by the bot", None),
        _fact(4, "ConversationAssigned", ago(now, hours=5, minutes=1), "Omar Nasser took it", "Omar Nasser"),
        _fact(6, "ConversationTransferred", ago(now, hours=3, minutes=30), "Omar Nasser transferred it to Lina Haddad",
              "Omar Nasser"),
        _fact(9, "SlaBreached", ago(now, hours=3, minutes=10), "The next answer was due and is late", None),
    ]  # fmt: skip
    earlier = [
        summary(91, now, state="resolved", owner=None, opened_at=ago(now, days=40), resolved_at=ago(now, days=39)),
        summary(92, now, state="resolved", owner=None, opened_at=ago(now, days=90), resolved_at=ago(now, days=90)),
    ]
    context = {
        "labels": labels(),
        "identities": [
            {"kind": "phone", "label": "+971 50 123 4567", "picture": None},
            {"kind": "whatsapp_user", "label": "AE.1234567890", "picture": None},
        ],
        "earlier": earlier,
        "referral": advert,
    }
    return of, thread(of, messages, notes=notes, facts=facts, context=context)


def long_words(now: datetime) -> tuple[Json, Json]:
    """4,096 characters, one word of 120, emoji alone."""
    of = summary(3, now, unread=0, priority="low", window_closes_at=ahead(now, minutes=50))
    of["contact"] = {
        "id": 503,
        "name": "Priya Venkataraghavan Subramaniam-Ortega de la Cruz y Villanueva",
        "username": None,
    }
    text = ("This is a long letter about a portfolio. " * 110)[:4096]
    messages = [
        message(3001, 3, "customer", text, ago(now, minutes=30)),
        message(3002, 3, "customer", "x" * 120, ago(now, minutes=29)),
        message(3003, 3, "customer", "🙏", ago(now, minutes=28)),
        message(3004, 3, "advisor", "Thank you, I read all of it.", ago(now, minutes=27), status="queued"),
    ]
    last = messages[-1]
    of["last_message"] = last_of(last)
    of["last_message_at"] = last["at"]
    return of, thread(of, messages)


def closed(now: datetime) -> tuple[Json, Json]:
    """Meta's 24 hours are over."""
    of = summary(4, now, window_closes_at=ago(now, hours=2), priority="normal")
    of["contact"] = {"id": 504, "name": "Ana", "username": None}
    messages = [message(4001, 4, "customer", "Is anybody there?", ago(now, hours=26))]
    of["last_message"] = last_of(messages[0])
    of["last_message_at"] = messages[0]["at"]
    return of, thread(of, messages, draft="Yes, I am here. Sorry that you had to")


def every_kind(now: datetime) -> list[tuple[Json, Json]]:
    """51 to 53: what customers send on each channel; 54: what we send; 55, 56: the day for free words is over."""
    return [
        stand_in_whatsapp.whatsapp(now), stand_in_pages.instagram(now), stand_in_pages.messenger(now),
        stand_in_said.ours(now), stand_in_said.closed_whatsapp(now), stand_in_said.human_agent(now),
    ]  # fmt: skip


def offer(now: datetime, *, number: int = 31, seconds: float = 40) -> Json:
    of = summary(
        60 + number, now, state="offered", owner=None, priority="urgent", unread=1, waiting_since=ago(now, minutes=2)
    )
    of["contact"] = {"id": 900 + number, "name": "Khalid Rahmani", "username": None}
    return {
        "id": number,
        "conversation": of,
        "offered_at": ago(now, seconds=5),
        "expires_at": ahead(now, seconds=seconds),
        "wants": "I want to move 200,000 into the income fund today. Who can call me before noon?",
        "why": "Urgent · Arabic · Investments",
    }


def _fact(version: int, kind: str, at: str, words: str, actor: str | None) -> Json:
    return {"version": version, "kind": kind, "at": at, "actor_name": actor, "data": {}, "words": words}
