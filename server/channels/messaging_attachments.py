"""What hangs on a Messenger or Instagram message: files, and things that were shared. Facts §3, §4."""

from collections.abc import Callable
from typing import Any, cast

import msgspec

from server.channels.fields import Json, identifier, mapping, number, objects, present, text, when_or_none
from server.domain.inbound import Attachment

_FILES = {"image": "image", "video": "video", "audio": "audio", "file": "document", "sticker": "sticker"}


class Part(msgspec.Struct, frozen=True):
    """One attachment: its kind, what the body says of it, the file to fetch."""

    kind: str
    member: str | None = None
    told: Any = None
    file: Attachment | None = None


def read(message: Json) -> list[Part]:
    found = objects(message, "attachments")
    if any(text(each, "type") == "sticker" for each in found):
        # For a while Meta sent a sticker as an image, too.
        found = [each for each in found if not (text(each, "type") == "image" and _sticker_id(each))]
    return [part for each in found for part in _read_one(each)]


def body_of(parts: list[Part]) -> Json:
    """The first of each by its name; what else was shared stands under `others`. `file`: its own among the files."""
    body: Json = {}
    others: list[Json] = []
    files = 0
    for part in parts:
        told = part.told
        if part.file is not None:
            if told and isinstance(told, dict):
                told = told | {"file": files}
            files += 1
        if part.member is None or not told:
            continue
        if part.member not in body:
            body[part.member] = told
        elif isinstance(told, dict):
            others.append({"kind": part.kind} | told)
    return body | ({"others": others} if others else {})


def passing(url: str) -> Attachment:
    """The picture or film of a story, a post or a reel: its address dies, so it is fetched like what was sent."""
    return Attachment(kind="undeclared", url=url or None)


def _read_one(attachment: Json) -> list[Part]:
    type, payload = text(attachment, "type"), mapping(attachment, "payload")
    reader = _READERS.get(type)
    if reader is not None:
        return reader(attachment, payload)
    if type not in _FILES:
        return [Part("unknown", "unknown", {"type": type[:64]})]
    kind = "sticker" if type == "image" and _sticker_id(attachment) else _FILES[type]
    file = Attachment(
        kind=cast(Any, kind), url=text(payload, "url") or None, name=text(payload, "name") or None,
        title=text(payload, "title") or text(attachment, "title") or None,
    )  # fmt: skip
    return [Part(kind, file=file)]


def _sticker_id(attachment: Json) -> str:
    return identifier(mapping(attachment, "payload"), "sticker_id")


def _shared(kind: str, id: str) -> Callable[[Json, Json], list[Part]]:
    def reader(attachment: Json, payload: Json) -> list[Part]:
        url, title = text(payload, "url"), text(payload, "title") or text(attachment, "title")
        told = present(url=url, title=title, id=identifier(payload, id))
        return [Part(kind, kind, told, passing(url) if url else None)]

    return reader


def _story_mention(attachment: Json, payload: Json) -> list[Part]:
    url = text(payload, "url")
    return [Part("story_mention", "story", present(url=url, id=identifier(payload, "id")), passing(url))]


def _ephemeral(attachment: Json, payload: Json) -> list[Part]:
    return [Part("view_once", "view_once", True, Attachment(kind="image", ephemeral=True))]


def _template(attachment: Json, payload: Json) -> list[Part]:
    products = objects(mapping(payload, "product"), "elements")
    if products:
        return [Part("product", "product", _product(each)) for each in products]
    elements = objects(payload, "elements") or objects(mapping(payload, "generic"), "elements")
    cards = [
        present(
            title=text(each, "title"), subtitle=text(each, "subtitle"), image_url=text(each, "image_url"),
            url=text(each, "item_url") or text(mapping(each, "default_action"), "url"),
        )
        for each in elements
    ]  # fmt: skip
    told = present(
        title=text(attachment, "title"), text=text(payload, "text"), elements=[each for each in cards if each],
        buttons=[title for each in objects(payload, "buttons") if (title := text(each, "title"))],
    )  # fmt: skip
    return [Part("template", "template", told)]


def _product(element: Json) -> Json:
    return present(
        id=identifier(element, "id"), retailer_id=identifier(element, "retailer_id"), title=text(element, "title"),
        subtitle=text(element, "subtitle"), image_url=text(element, "image_url"),
    )  # fmt: skip


def _fallback(attachment: Json, payload: Json) -> list[Part]:
    url = text(payload, "url") or text(attachment, "url")
    return [Part("fallback", "link", present(url=url, title=text(payload, "title") or text(attachment, "title")))]


def _appointment(attachment: Json, payload: Json) -> list[Part]:
    starts = when_or_none(payload.get("start_time") or payload.get("appointment_time") or payload.get("time"))
    told = present(
        title=text(payload, "title") or text(attachment, "title"), url=text(payload, "url"),
        start_at=starts.isoformat() if starts else None,
    )  # fmt: skip
    return [Part("appointment", "appointment", told)]


def _location(attachment: Json, payload: Json) -> list[Part]:
    place = mapping(payload, "coordinates")
    latitude, longitude = number(place, "lat"), number(place, "long")
    if latitude is None or longitude is None or abs(latitude) > 90 or abs(longitude) > 180:
        latitude = longitude = None
    told = present(
        latitude=latitude, longitude=longitude, name=text(attachment, "title") or text(payload, "title"),
        url=text(attachment, "url") or text(payload, "url"),
    )  # fmt: skip
    return [Part("location", "location", told)]


_READERS: dict[str, Callable[[Json, Json], list[Part]]] = {
    "reel": _shared("reel", "reel_video_id"),
    "ig_reel": _shared("reel", "reel_video_id"),
    "post": _shared("post", "post_id"),
    "ig_post": _shared("post", "ig_post_media_id"),
    "share": _shared("post", "id"),
    "story_mention": _story_mention,
    "ephemeral": _ephemeral,
    "template": _template,
    "fallback": _fallback,
    "appointment_booking": _appointment,
    "location": _location,
}
