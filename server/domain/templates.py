"""Message templates as Meta approved them, and the message that a filled one makes. Facts §9."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import msgspec

from server.domain import template_forms
from server.domain.errors import Invalid
from server.domain.model import Channel
from server.domain.organisation import Inbox
from server.domain.outgoing import Template
from server.domain.template_forms import FILES, VARIABLE, Field, Form, Unfillable
from server.domain.template_parts import Component, Parameter, Place, Preview, PreviewPart

APPROVED = "approved"
# A flow that was given no token of its own.
_NO_TOKEN = "unused"  # noqa: S105
_META_TYPES = {"code": "coupon_code", "flow_token": "action", "product_id": "action"}


class Listed(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of Meta's list. Words in lower case; `components` as Meta gave them."""

    name: str
    language: str
    provider_id: str
    status: str
    category: str
    quality: str
    reason: str
    components: list[dict[str, Any]]


class Stored(msgspec.Struct, frozen=True, kw_only=True):
    account: str
    name: str
    language: str
    provider_id: str
    status: str
    category: str
    quality: str
    components: list[dict[str, Any]]


class News(msgspec.Struct, frozen=True, kw_only=True):
    """What a webhook says of a template; None leaves it as it is."""

    account: str
    name: str
    language: str
    status: str | None = None
    category: str | None = None
    quality: str | None = None
    reason: str = ""
    at: datetime


def account_of(inbox: Inbox) -> str | None:
    """Whose templates the inbox may send: the business account's, or the Page's. Instagram has none."""
    if inbox.channel is Channel.WHATSAPP:
        return inbox.account_id
    return inbox.external_id if inbox.channel is Channel.MESSENGER else None


def form(stored: Stored) -> Form | None:
    """None where it has parts that nobody here can fill: cards, offers that end, product lists."""
    try:
        return template_forms.read(stored.components)
    except (Unfillable, KeyError, TypeError, ValueError, AttributeError):
        return None


def fill(stored: Stored, values: Mapping[str, Any]) -> Template:
    """Raises `Invalid` that names the field, also when Meta has not approved it or it cannot be filled here."""
    shape = form(stored)
    if stored.status != APPROVED or shape is None:
        raise Invalid("This template cannot be sent now.", field="name")
    given = {each.key: _value(each, values.get(each.key)) for each in shape.fields}
    texts = {each.key: parameter.text for each in shape.fields if each.placeholder and (parameter := given[each.key])}
    return Template(
        name=stored.name, language=stored.language, category=stored.category, components=_components(shape, given),
        values={key: values[key] for key, parameter in given.items() if parameter is not None and key in values},
        preview=_preview(shape, texts),
    )  # fmt: skip


def _value(field: Field, value: Any) -> Parameter | None:
    """None for what may be left out and was."""
    at = f"values.{field.key}"
    if value is None or value == "":
        if field.type == "flow_token":
            return Parameter(type="action", text=_NO_TOKEN)
        if field.required:
            raise Invalid("Fill in this field.", field=at)
        return None
    if field.type in FILES:
        if not isinstance(value, int) or isinstance(value, bool):
            raise Invalid("Choose a file.", field=at)
        return Parameter(type=field.type, attachment_id=value)
    if field.type == "location":
        return Parameter(type="location", place=_place(value, at))
    if not isinstance(value, str):
        raise Invalid("Fill in this field.", field=at)
    name = field.label if field.component != "button" and not field.label.isdigit() else ""
    return Parameter(type=_META_TYPES.get(field.type, field.type), text=value, name=name)


def _place(value: Any, at: str) -> Place:
    try:
        place = msgspec.convert(value, Place)
    except msgspec.ValidationError:
        raise Invalid("Choose a place.", field=at) from None
    if not (-90 <= place.latitude <= 90 and -180 <= place.longitude <= 180):
        raise Invalid("This is no place on earth.", field=at)
    return place


def _components(shape: Form, given: Mapping[str, Parameter | None]) -> tuple[Component, ...]:
    found: list[Component] = []
    for name in ("header", "body"):
        parameters = tuple(
            parameter for each in shape.fields if each.component == name and (parameter := given[each.key])
        )
        if parameters:
            found.append(Component(type=name, parameters=parameters))
    for each in shape.fields:
        if each.button is not None and (parameter := given[each.key]):
            kind = shape.buttons[each.button].type
            found.append(Component(type="button", sub_type=kind, index=each.button, parameters=(parameter,)))
    return tuple(found)


def _preview(shape: Form, texts: Mapping[str, str]) -> Preview:
    def filled(keys: Callable[[str], str]) -> Callable[[re.Match[str]], str]:
        return lambda found: texts.get(keys(found[1]), found[0])

    header = None
    if shape.header is not None:
        text = VARIABLE.sub(filled(lambda name: "header" if name.isdigit() else f"header.{name}"), shape.header.text)
        header = PreviewPart(shape.header.type, text)
    buttons = tuple(
        PreviewPart(each.type, each.text, VARIABLE.sub(filled(lambda _, at=place: f"button.{at}"), each.url))  # type: ignore[misc]
        for place, each in enumerate(shape.buttons)
    )
    body = VARIABLE.sub(filled(lambda name: f"body.{name}"), shape.body)
    return Preview(body=body, header=header, footer=shape.footer, buttons=buttons)
