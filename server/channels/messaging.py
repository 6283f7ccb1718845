"""What Messenger and Instagram have in common: entries of `messaging[]`, `standby[]` and `changes[]`. Facts §3, §4."""

from collections.abc import Callable
from typing import Any

from server.channels import clean
from server.channels.fields import Json, text
from server.channels.messaging_items import Dialect, Event, read_item
from server.channels.place import Place, read_alone, wrapped
from server.domain.inbound import Inbound, Rejected
from server.domain.quarantine import Reason


def read_entry(entry: Json, path: str, dialect: Dialect) -> list[Inbound | Rejected]:
    names = [name for name in ("messaging", "standby", "changes") if name in entry]
    found: list[Inbound | Rejected] = []
    for name in names:
        items = entry[name]
        if not isinstance(items, list):
            place = _place(entry, dialect, f"{path}.{name}", b'"%b":' % name.encode(), items, b"")
            found.append(place.reject(Reason.MALFORMED, f"{name} is not an array"))
            continue
        for position, item in enumerate(items):
            where = f"{path}.{name}[{position}]"
            place = _place(entry, dialect, where, b'"%b":[' % name.encode(), item, b"]")
            if name == "changes":
                found.append(read_alone(_change_reader(entry, dialect), item, place))
            else:
                found.append(read_alone(_item_reader(entry, dialect, standby=name == "standby"), item, place))
    if "field" in entry:
        # Some Instagram deliveries put the change on the entry itself.
        change = {name: entry[name] for name in ("field", "value") if name in entry}
        found.append(read_alone(_change_reader(entry, dialect), change, _whole(entry, dialect, path)))
    return found or [_whole(entry, dialect, path).reject(Reason.UNKNOWN_KIND, "nothing known in entry")]


def _item_reader(entry: Json, dialect: Dialect, *, standby: bool) -> Callable[[Json, Place], Inbound | Rejected]:
    return lambda item, place: read_item(Event(item, place, dialect, entry.get("time"), standby))


def _change_reader(entry: Json, dialect: Dialect) -> Callable[[Json, Place], Inbound | Rejected]:
    def read(change: Json, place: Place) -> Inbound | Rejected:
        field = text(change, "field")
        reader = read_item if field in dialect.fields else dialect.changes.get(field)
        if reader is None:
            return place.reject(Reason.UNKNOWN_FIELD, field[:64] or "field is missing")
        value = change.get("value")
        if not isinstance(value, dict):
            return place.reject(Reason.MALFORMED, "value is not an object")
        return reader(Event(value, place, dialect, entry.get("time"), field == "standby"))

    return read


def _place(entry: Json, dialect: Dialect, path: str, head: bytes, item: Any, tail: bytes) -> Place:
    start = b'{"object":"%b","entry":[{"id":%b,"time":%b,' % (
        dialect.object.encode(), clean.dump(entry.get("id")), clean.dump(entry.get("time"))
    )  # fmt: skip
    return Place(dialect.channel, _account_id(entry), path, wrapped(start + head, item, tail + b"}]}"))


def _whole(entry: Json, dialect: Dialect, path: str) -> Place:
    raw = b'{"object":"%b","entry":[%b]}' % (dialect.object.encode(), clean.dump(entry))
    return Place(dialect.channel, _account_id(entry), path, raw)


def _account_id(entry: Json) -> str:
    return text(entry, "id")[:512]
