"""Every kind a customer can send on Instagram and Messenger; shapes of `server.domain.kinds`."""

from datetime import datetime

from console.stand_in_data import Json, ahead
from console.stand_in_media import attachment
from console.stand_in_talk import Talk

_LEAD = [{"question": "Which plan?", "answer": "Two meals a day"}, {"question": "Children", "answer": "2"}]


def instagram(now: datetime) -> tuple[Json, Json]:
    talk = Talk(52, now, "لينا منصور", "instagram", priority="high")
    say = talk.say
    story = {"url": "https://www.instagram.com/stories/havana/1", "id": "1"}
    kept = {"story": story | {"file": 0}}
    say("story_mention", body={"story": story}, attachments=[attachment(21, "image", "dusk")])
    say("story_mention", body=kept, attachments=[attachment(61, "video", "film", duration_seconds=2.0)])
    say("story_reply", "هل ما زال هذا متوفرًا؟", body=kept, attachments=[attachment(62, "image", "hills")])
    say("story_reply", "Is it still on?", body=kept, attachments=[attachment(63, "undeclared", state="link")])
    post = {"url": "https://www.instagram.com/p/AbC", "title": "Breakfast on the terrace", "id": "9", "file": 0}
    say("post", body={"post": post}, attachments=[attachment(64, "undeclared", state="link")])
    lunch = {"url": "https://cdn.example.org/lunch.jpg", "title": "Lunch in the yard", "file": 0}
    say("post", body={"post": lunch}, attachments=[attachment(65, "image", "desert")])
    reel = {"url": "https://www.instagram.com/reel/XyZ", "title": "How we roast", "id": "10", "file": 0}
    say("reel", "So good!", body={"reel": reel}, attachments=[attachment(66, "video", "film", duration_seconds=2.0)])
    fetched = {"url": "https://cdn.example.org/r.mp4", "title": "Pouring", "file": 0}
    say("reel", body={"reel": fetched}, attachments=[attachment(67, "undeclared", state="waiting")])
    late = {"url": "https://cdn.example.org/s.mp4", "title": "Closing time", "file": 0}
    gone = attachment(68, "undeclared", state="failed", reason="Meta no longer has this file.")
    say("reel", body={"reel": late}, attachments=[gone])
    say(
        "view_once",
        body={"view_once": True},
        attachments=[attachment(22, "image", state="failed", reason="To be seen once: Meta does not hand it out.")],
    )
    say(
        "product",
        body={
            "product": {
                "id": "55",
                "title": "House blend 250 g",
                "subtitle": "AED 42",
                "image_url": "https://x.example/p.jpg",
            }
        },
    )
    say(
        "template",
        body={
            "template": {
                "title": "Shared card",
                "elements": [{"title": "Table for two", "subtitle": "Tonight", "url": "https://example.org/t"}],
                "buttons": ["Book"],
            }
        },
    )
    say("quick_reply", "Yes please", body={"payload": "YES"})
    say("postback", "Prices", body={"payload": "ICE_PRICES"})
    say(
        "comment",
        "How much is it?",
        body={"comment": {"media": {"id": "3", "kind": "AD", "ad_title": "Sukuk 2027"}}},
        may={"react": False, "quote": False},
    )
    say(
        "referral",
        referral={
            "source": "shortlink",
            "source_id": "summer",
            "headline": None,
            "body": {"ref": "summer-menu", "source": "SHORTLINK"},
        },
    )
    say(
        "image",
        "من الشرفة",
        attachments=[
            attachment(23, "image", "hills"),
            attachment(24, "image", "desert"),
            attachment(25, "image", "dusk"),
        ],
    )
    say("text", "❤️", reactions=[{"emoji": "❤️", "by": "business"}])
    say("handover", body={"handover": {"action": "take"}})
    say("unknown", body={"unknown": {"type": "hologram"}})
    return talk.done()


def messenger(now: datetime) -> tuple[Json, Json]:
    talk = Talk(53, now, "Tomás Ó Súilleabháin", "messenger", priority="normal")
    say = talk.say
    say("location", body={"location": {"latitude": 53.34981, "longitude": -6.26031, "name": "Tomás's location"}})
    say(
        "fallback",
        body={"link": {"url": "https://www.example.org/menus/autumn?utm=1", "title": "Autumn menu for schools"}},
    )
    say("lead", body={"lead": {"complete": True, "answers": _LEAD}})
    say(
        "appointment",
        body={"appointment": {"title": "Tasting", "url": "https://example.org/a", "start_at": ahead(now, days=2)}},
    )
    say("sticker", attachments=[attachment(26, "sticker", "sticker")])
    say(
        "product",
        body={
            "product": {"id": "1", "title": "Lunch box"},
            "products": [{"id": "1", "title": "Lunch box"}, {"id": "2", "title": "Fruit box"}],
        },
    )
    say("optin", body={"optin": {"title": "Weekly menu", "type": "notification_messages"}})
    say("account_linking", body={"account_linking": {"status": "linked"}})
    say("response_feedback", body={"feedback": "positive"})
    say(
        "text",
        "Have a look at https://example.org/menu.pdf and at this",
        body={"link": {"url": "https://example.org/menu.pdf", "title": "Menu"}, "standby": True},
    )
    say("audio", attachments=[attachment(27, "audio", "voice", voice=True, duration_seconds=6.0)])
    say("document", attachments=[attachment(28, "document", "paper", name="allergies.pdf")])
    return talk.done()
