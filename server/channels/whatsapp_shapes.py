"""Objects inside WhatsApp messages, in the shape that every channel shares (`domain.kinds`)."""

from datetime import UTC, datetime
from typing import Any

from server.channels import clean
from server.channels.fields import Json, identifier, mapping, number, objects, present, text

# Of the technical kind: they say nothing to people.
_NOT_ANSWERS = ("flow_token",)
_MOST_FIELDS = 200


def location(inner: Json) -> Json:
    latitude, longitude = number(inner, "latitude"), number(inner, "longitude")
    if latitude is None or longitude is None or abs(latitude) > 90 or abs(longitude) > 180:
        latitude = longitude = None
    return present(
        latitude=latitude, longitude=longitude, name=text(inner, "name"), address=text(inner, "address"),
        url=text(inner, "url"),
    )  # fmt: skip


def contact(person: Json) -> Json:
    name = mapping(person, "name")
    words = (text(name, each) for each in ("first_name", "middle_name", "last_name"))
    organisation = mapping(person, "org")
    phones = (
        present(number=text(each, "phone"), wa_id=text(each, "wa_id"), type=text(each, "type").lower())
        for each in objects(person, "phones")
    )
    return present(
        name=text(name, "formatted_name") or " ".join(word for word in words if word),
        phones=[each for each in phones if each],
        emails=_each(person, "emails", "email"),
        organisation=", ".join(filter(None, (text(organisation, "title"), text(organisation, "company")))),
        urls=_each(person, "urls", "url"),
        addresses=[line for each in objects(person, "addresses") if (line := _address(each))],
        birthday=text(person, "birthday"),
        origin=text(person, "origin"),
    )


def order(inner: Json) -> Json:
    items = (
        present(
            id=identifier(each, "product_retailer_id"), quantity=number(each, "quantity"),
            price=number(each, "item_price"), currency=text(each, "currency"),
        )
        for each in objects(inner, "product_items")
    )  # fmt: skip
    return present(catalog_id=identifier(inner, "catalog_id"), items=[each for each in items if each])


def form(reply: Json) -> Json:
    """The answers of a flow: `response_json` is JSON inside a string."""
    told = present(name=text(reply, "name")[:200])
    try:
        answers = clean.load(text(reply, "response_json").encode("utf-8", "replace"))
    except clean.Unparsable:
        answers = None
    if not isinstance(answers, dict):
        return told | {"fields": {}, "missing": "response_json"}
    return told | {"fields": dict(_answers(answers)[:_MOST_FIELDS])}


def call_permission(reply: Json) -> Json:
    until = number(reply, "expiration_timestamp")
    return present(
        response=text(reply, "response"), source=text(reply, "response_source"),
        until=datetime.fromtimestamp(until, UTC).isoformat() if until and 10**9 < until < 4 * 10**9 else None,
    )  # fmt: skip


def _answers(answers: Json, before: str = "", depth: int = 0) -> list[tuple[str, Any]]:
    """One line for each answer; groups of them are told by a dotted name."""
    found: list[tuple[str, Any]] = []
    for name, value in answers.items():
        if name in _NOT_ANSWERS:
            continue
        if isinstance(value, dict) and depth < 3:
            found += _answers(value, f"{before}{name}.", depth + 1)
        elif isinstance(value, list):
            found.append((before + name, [_plain(each) for each in value[:_MOST_FIELDS]]))
        else:
            found.append((before + name, _plain(value)))
    return found


def _plain(value: Any) -> Any:
    """What can be shown and kept as it is."""
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, int | float) and abs(value) < 10**15:
        return value
    return clean.dump(value).decode()[:2000]


def _each(person: Json, name: str, member: str) -> list[str]:
    return [value for each in objects(person, name) if (value := text(each, member))]


def _address(address: Json) -> str:
    parts = (text(address, each) for each in ("street", "city", "state", "zip", "country"))
    return ", ".join(part for part in parts if part)
