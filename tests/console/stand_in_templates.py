"""Templates to choose from: with words, a document and a place to fill in, in two languages."""

from datetime import datetime, timedelta
from typing import Any

from console.stand_in_data import Json, iso


def templates(now: datetime) -> Json:
    def field(key: str, component: str, type_: str = "text", **given: Any) -> Json:
        name = key.partition(".")[2] or key
        base = {
            "key": key,
            "component": component,
            "type": type_,
            "label": name,
            "placeholder": f"{{{{{name}}}}}",
            "example": "",
            "max": 1024,
            "required": True,
            "button": None,
        }
        return base | given

    def template(name: str, language: str, category: str, body: str, fields: list[Json], **given: Any) -> Json:
        base = {
            "name": name,
            "language": language,
            "category": category,
            "quality": "green",
            "header": None,
            "body": body,
            "footer": "",
            "buttons": [],
            "fields": fields,
        }
        return base | given

    made = [
        template(
            "appointment_reminder",
            "en",
            "utility",
            "Dear {{1}}, we expect you on {{2}}. Shall we keep the place?",
            [field("body.1", "body", example="Maryam"), field("body.2", "body", example="3 December, 10:00")],
            footer="Investment Services",
            buttons=[
                {"type": "quick_reply", "text": "Keep it", "url": None},
                {"type": "quick_reply", "text": "Cancel it", "url": None},
            ],
        ),
        template(
            "statement_ready",
            "en",
            "utility",
            "Your statement for {{month}} is ready.",
            [
                field("header", "header", "document", placeholder=None, label="document", max=None),
                field("body.month", "body", example="November"),
            ],
            header={"type": "document", "text": "", "url": None},
        ),
        template(
            "autumn_offer",
            "en",
            "marketing",
            "This autumn: {{offer}} for old friends of the house.",
            [field("body.offer", "body")],
            quality="red",
        ),
        template(
            "visit_us",
            "en",
            "utility",
            "This is where you find us.",
            [field("header", "header", "location", placeholder=None, label="location", max=None)],
            header={"type": "location", "text": "", "url": None},
        ),
        template(
            "appointment_reminder",
            "ar",
            "utility",
            "عزيزي {{1}}، ننتظرك في {{2}}. هل نبقي الموعد؟",
            [field("body.1", "body", example="مريم"), field("body.2", "body", example="٣ ديسمبر")],
            buttons=[{"type": "quick_reply", "text": "نعم", "url": None}],
        ),
    ]
    return {
        "templates": made,
        "languages": ["ar", "en"],
        "synced_at": iso(now - timedelta(minutes=12)),
        "available": True,
    }
