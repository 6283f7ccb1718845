"""What Meta's side saw: the simulator's log, read line by line. Nothing in here comes from the product."""

import json
from collections import defaultdict
from pathlib import Path

import msgspec


class Told(msgspec.Struct):
    """One item for the product. Places are line numbers: the order in which Meta's side did things."""

    key: str
    kind: str
    inbox: str
    customer: str
    queued: int
    first_posted: int | None = None
    # The first 200 to a delivery that held it.
    acknowledged: int | None = None
    sent_at: float | None = None

    @property
    def second(self) -> int:
        return int(self.sent_at or 0)


class Heard(msgspec.Struct):
    """One send that Meta accepted from the product."""

    key: str
    local_id: str | None
    inbox: str
    customer: str
    text: str
    place: int


class Record(msgspec.Struct):
    told: dict[str, Told] = {}
    heard: list[Heard] = []
    # How the customer is known on each inbox.
    identifiers: dict[tuple[str, str], str] = {}
    posts: int = 0
    refusals: int = 0

    @property
    def acknowledged(self) -> list[Told]:
        return [each for each in self.told.values() if each.acknowledged is not None]


def read(log: Path) -> Record:
    record = Record()
    keys: dict[int, list[str]] = defaultdict(list)
    written: dict[str, float] = {}
    with log.open(encoding="utf-8") as lines:
        for place, line in enumerate(lines):
            if not line.endswith("\n"):
                break
            fact = json.loads(line)
            match fact["event"]:
                case "customer_wrote":
                    written[fact["key"]] = fact["sent_at"]
                    record.identifiers[fact["customer"], fact["inbox"]] = fact["identifier"]
                case "item_queued":
                    # A receipt may be told twice under one key; the first counts.
                    made = Told(fact["key"], fact["kind"], fact["inbox"], fact["customer"], place)
                    told = record.told.setdefault(fact["key"], made)
                    told.sent_at = written.get(fact["key"])
                case "post_sent":
                    keys[fact["post"]] = fact["keys"]
                    record.posts += 1
                    for key in fact["keys"]:
                        if record.told[key].first_posted is None:
                            record.told[key].first_posted = place
                case "post_answered" if fact["answer"] == 200:
                    for key in keys[fact["post"]]:
                        if record.told[key].acknowledged is None:
                            record.told[key].acknowledged = place
                case "post_answered":
                    record.refusals += 1
                case "send_accepted":
                    record.heard.append(
                        Heard(fact["key"], fact["local_id"], fact["inbox"], fact["customer"], fact["text"], place)
                    )
    return record
