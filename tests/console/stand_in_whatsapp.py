"""Every kind a customer can send on WhatsApp; shapes of `server.domain.kinds`."""

from datetime import datetime, timedelta

from console.stand_in_data import Json, ahead, iso, quote_of
from console.stand_in_media import attachment
from console.stand_in_talk import Talk

_GONE = "Meta no longer has this file."


def whatsapp(now: datetime) -> tuple[Json, Json]:
    talk = Talk(51, now, "Maryam Al-Suwaidi", "whatsapp")
    say = talk.say
    advert = {
        "source": "ad",
        "source_id": "1202",
        "headline": "Sukuk 2027: from 5,000",
        "body": {"source_url": "https://fb.me/2abcDEF", "body": "A steady income, and you may leave any month."},
    }
    say("text", "Hello! Is this still on?", referral=advert, reactions=[{"emoji": "👍", "by": "business"}])
    photo = say(
        "image",
        "My passport, first page",
        attachments=[attachment(11, "image", "hills")],
        reactions=[{"emoji": "🙏", "by": "customer"}, {"emoji": "❤️", "by": "business"}],
    )
    say("image", attachments=[attachment(12, "image", "dusk")])
    say(
        "video",
        "The branch this morning",
        attachments=[attachment(13, "video", "film", width=320, height=180, duration_seconds=2.0)],
    )
    say("audio", attachments=[attachment(14, "audio", "voice", voice=True, duration_seconds=6.0)])
    say("audio", attachments=[attachment(15, "audio", "voice", name="interview.wav")])
    say(
        "document",
        "Signed",
        attachments=[attachment(16, "document", "paper", name="Agreement – signed, both pages.pdf")],
    )
    say("sticker", attachments=[attachment(17, "sticker", "sticker", animated=True)])
    say(
        "location",
        body={
            "location": {
                "latitude": 25.19718,
                "longitude": 55.27437,
                "name": "Havana Café",
                "address": "Sheikh Mohammed bin Rashid Blvd, Dubai",
                "url": "https://example.org/cafe",
            }
        },
    )
    say(
        "contacts",
        body={
            "contacts": [
                {
                    "name": "Khalid Rahmani",
                    "organisation": "Brother, Rahmani Trading",
                    "phones": [{"number": "+971 50 765 4321", "wa_id": "971507654321", "type": "cell"}],
                    "emails": ["khalid@example.org"],
                    "urls": ["https://example.org"],
                    "birthday": "1984-03-09",
                    "addresses": ["Al Wasl Rd 12, Dubai"],
                },
                {"name": "نور", "phones": [{"number": "+20 100 000 0000", "type": "home"}]},
            ]
        },
    )
    say(
        "order",
        "Please for 8 o'clock",
        body={
            "order": {
                "catalog_id": "7700",
                "items": [
                    {"id": "mint-tea", "name": "Mint tea", "quantity": 2, "price": 12.5, "currency": "AED"},
                    {"id": "SKU-77812", "quantity": 1, "price": 48, "currency": "AED"},
                ],
            }
        },
    )
    say("button_reply", "Talk to a person")
    say("list_reply", "Opening hours", body={"description": "When we are there"})
    say(
        "form_reply",
        body={
            "form": {
                "name": "onboarding",
                "fields": {
                    "screen_0_Full_name_0": "Maryam Al-Suwaidi",
                    "riskLevel": "balanced",
                    "interests": ["sukuk", "real estate"],
                    "terms_accepted": True,
                },
            }
        },
    )
    say("call_permission", body={"call_permission": {"response": "accept", "until": ahead(now, days=7)}})
    say("button", "Confirm", body={"payload": "confirm-771"})
    say("text", "This was passed round in the family", body={"forwarded": "often"})
    say("text", "Is this one for beginners?", body={"product": {"catalog_id": "7700", "id": "fund-balanced"}})
    say(
        "text",
        "I meant Thursday, not Tuesday",
        edited_at=iso(talk.at),
        earlier=[
            {"text": "I will come on Tusday", "replaced_at": iso(talk.at - timedelta(minutes=3))},
            {"text": "I will come on Tuesday, as we said: https://example.org/plan", "replaced_at": iso(talk.at)},
        ],
    )
    say("revoke", revoked_at=iso(talk.at + timedelta(minutes=2)))
    say("text", "As you see on it, it is valid until 2031", reply_to=quote_of(photo))
    say("text", "And what about this?", body={"reply_to": "wamid.unknown"})
    say("image", attachments=[attachment(18, "image", state="waiting")])
    say("video", attachments=[attachment(19, "video", state="failed", reason=_GONE)])
    say(
        "document",
        attachments=[
            attachment(
                20,
                "document",
                state="failed",
                name="statement.exe",
                reason="The file is a program, so it was not kept.",
            )
        ],
    )
    say(
        "unsupported",
        body={"unsupported": {"reason": "A poll: Meta does not pass polls on to businesses.", "type": "poll"}},
    )
    say("image", body={"missing": "image"})
    say("text", "Half of it", body={"errors": [{"code": 131051, "title": "Message type unknown"}]})
    say("welcome")
    say("call", body={"call": {"direction": "in", "event": "connect"}})
    say("call_ended", body={"call": {"direction": "in", "event": "terminate", "seconds": 42}})
    say("system", body={"system": {"change": "number", "before": "971501234567", "after": "971509999999"}})
    say("reaction", "🎉", body={})
    say("text", "👍🎉")
    return talk.done(
        window={
            "open": True,
            "until": talk.of["window_closes_at"],
            "by": "window",
            "reason": None,
            "words": None,
            "remedy": None,
            "closed_at": None,
            "free_until": ahead(now, hours=60),
            "marketing_stopped": True,
        }
    )
