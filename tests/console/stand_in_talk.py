"""A conversation put together message by message."""

from datetime import datetime, timedelta
from typing import Any

from console.stand_in_data import Json, ahead, iso, last_of, message, summary, thread


class Talk:
    """Messages of one conversation, a minute apart."""

    def __init__(self, number: int, now: datetime, name: str, channel: str, **given: Any) -> None:
        self.of = (
            summary(number, now, window_closes_at=ahead(now, hours=20))
            | {
                "contact": {"id": 500 + number, "name": name, "username": None},
                "channel": channel,
                "inbox_name": f"Investment Services {channel.title()}",
            }
            | given
        )
        self.messages: list[Json] = []
        self.at = now - timedelta(minutes=90)

    def say(self, kind: str, text: str = "", *, author: str = "customer", **given: Any) -> Json:
        self.at += timedelta(minutes=1)
        number = self.of["id"] * 1000 + len(self.messages) + 1
        made = message(number, self.of["id"], author, text, iso(self.at), kind=kind, **given)
        self.messages.append(made)
        return made

    def done(self, **given: Any) -> tuple[Json, Json]:
        self.of |= {"last_message": last_of(self.messages[-1]), "last_message_at": self.messages[-1]["at"]}
        return self.of, thread(self.of, self.messages, **given)
