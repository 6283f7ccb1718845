"""Every kind we can send, and the states it can be in."""

from datetime import datetime, timedelta
from typing import Any

from console.stand_in_data import Json, ago, ahead, quote_of
from console.stand_in_media import attachment
from console.stand_in_talk import Talk

_OPTIONS = [{"id": "a", "title": "Income fund"}, {"id": "b", "title": "Balanced fund"}, {"id": "c", "title": "Neither"}]
_LATE = {
    "code": 131047,
    "title": "Window",
    "act": "template",
    "words": "More than 24 hours have passed since the customer last wrote: only an approved template may be sent.",
}


def ours(now: datetime) -> tuple[Json, Json]:
    talk = Talk(54, now, "Wei Zhang", "whatsapp", priority="low")

    def say(kind: str, text: str = "", **given: Any) -> Json:
        return talk.say(kind, text, author="advisor", **given)

    asked = talk.say("text", "What can you offer me?")
    say("text", "Have a look at these two.", reply_to=quote_of(asked), reactions=[{"emoji": "🙏", "by": "customer"}])
    say(
        "choices", "Which one suits you?", body={"kind": "choices", "text": "Which one suits you?", "options": _OPTIONS}
    )
    say(
        "choices",
        "All we have",
        body={
            "kind": "choices",
            "text": "All we have",
            "header": "Funds",
            "footer": "Prices of today",
            "button": "Look",
            "options": [],
            "sections": [
                {"title": "Steady", "options": [{"id": "1", "title": "Sukuk 2027", "description": "from 5,000"}]},
                {
                    "title": "Growing",
                    "options": [{"id": "2", "title": "Technology", "description": "for five years or more"}],
                },
            ],
        },
    )
    say(
        "link",
        "Everything about the fees",
        body={
            "kind": "link",
            "text": "Everything about the fees",
            "title": "Open the table",
            "url": "https://example.org/fees",
        },
    )
    say("ask_location", "Where are you now?", body={"kind": "ask_location", "text": "Where are you now?"})
    say("ask_contact", "Which number may we call?", body={"kind": "ask_contact", "text": "Which number may we call?"})
    say(
        "location",
        "Main branch",
        body={
            "kind": "location",
            "latitude": 25.2,
            "longitude": 55.27,
            "name": "Main branch",
            "address": "Al Wasl Rd 3",
        },
    )
    say(
        "contacts",
        "Omar Nasser",
        body={
            "kind": "contacts",
            "contacts": [{"name": "Omar Nasser", "organisation": "Advisor", "phones": [{"number": "+971 4 555 0100"}]}],
        },
    )
    say(
        "image",
        "The branch",
        body={"kind": "image", "attachment_id": 31, "caption": "The branch"},
        attachments=[attachment(31, "image", "desert")],
        status="delivered",
    )
    say(
        "audio",
        body={"kind": "audio", "attachment_id": 32, "voice": True},
        attachments=[attachment(32, "audio", "voice", voice=True, duration_seconds=6.0)],
        status="played",
    )
    say(
        "document",
        "Terms.pdf",
        body={"kind": "document", "attachment_id": 33},
        attachments=[attachment(33, "document", "paper", name="Terms.pdf")],
        status="sent",
    )
    say(
        "buttons",
        "How shall we go on?",
        body={
            "kind": "buttons",
            "text": "How shall we go on?",
            "buttons": [{"title": "Call me", "payload": "c"}, {"title": "Website", "url": "https://example.org"}],
        },
    )
    say(
        "cards",
        "Lunch\nDinner",
        body={
            "kind": "cards",
            "cards": [
                {"title": "Lunch", "subtitle": "12 to 15", "buttons": [{"title": "Book", "payload": "l"}]},
                {
                    "title": "Dinner",
                    "subtitle": "18 to 22",
                    "url": "https://example.org/d",
                    "buttons": [{"title": "Book", "payload": "d"}],
                },
            ],
        },
    )
    say(
        "template",
        "Dear Wei, your appointment on 3 December is confirmed.",
        status="read",
        attachments=[attachment(34, "image", "hills")],
        body={
            "kind": "template",
            "name": "appointment_confirmed",
            "language": "en",
            "category": "utility",
            "values": {},
            "preview": {
                "header": {"type": "image"},
                "body": "Dear Wei, your appointment on 3 December is confirmed.",
                "footer": "Investment Services",
                "buttons": [
                    {"type": "quick_reply", "text": "Thank you"},
                    {"type": "url", "text": "Change it", "url": "https://example.org/a/1"},
                ],
            },
        },
    )
    talk.say("text", "Typed on the shop's own phone", author="business")
    say("text", "I am here until six.", status="failed", failure=_LATE)
    say("text", "Shall I book it?", status="uncertain", uncertain=True)
    say(
        "reaction",
        "😂",
        body={"kind": "reaction", "emoji": "😂"},
        status="failed",
        may={"react": False, "quote": False},
        failure={
            "code": 131000,
            "title": "",
            "words": "The message this is about is too old or was deleted.",
            "act": "none",
        },
    )
    say("text", "It arrives in a moment.", status="queued")
    return talk.done()


def closed_whatsapp(now: datetime) -> tuple[Json, Json]:
    """The day is over: only templates."""
    talk = Talk(55, now, "Fatima Zahra El Idrissi", "whatsapp", window_closes_at=ago(now, hours=2), priority="normal")
    talk.at = now - timedelta(hours=26)
    talk.say("text", "Can you tell me tomorrow?")
    return talk.done(draft="Good morning, here is what you asked for")


def human_agent(now: datetime) -> tuple[Json, Json]:
    """The day is over on Messenger; a person may answer for seven days."""
    talk = Talk(
        56, now, "Jonas Bergström", "messenger", window_closes_at=ago(now, hours=5),
        people_until=ahead(now, days=5, hours=19), priority="normal",
    )  # fmt: skip
    talk.at = now - timedelta(hours=29)
    talk.say("text", "Any news?")
    return talk.done()
