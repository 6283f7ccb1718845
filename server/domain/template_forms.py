"""The parts of a template and the fields a person fills in, read from what Meta lists. Facts §9."""

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from server.domain.channel_limits import TEMPLATE_BODY, TEMPLATE_CODE, TEMPLATE_HEADER, TEMPLATE_PAYLOAD, URL

FILES = ("image", "video", "document")
VARIABLE = re.compile(r"\{\{\s*([^{}\s]+)\s*\}\}")
# Buttons that need nothing from whoever sends them.
_PLAIN = ("phone_number", "voice_call", "request_contact_info")


class Field(msgspec.Struct, frozen=True, kw_only=True):
    """One thing to fill in. `placeholder` is where it stands in the text; `max` None: files and places."""

    key: str
    component: str
    type: str
    label: str
    placeholder: str | None = None
    example: str = ""
    max: int | None = None
    required: bool = True
    button: int | None = None


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """A header by its format, a button by what it does."""

    type: str
    text: str = ""
    url: str = ""


class Form(msgspec.Struct, frozen=True, kw_only=True):
    """A template as it is filled in."""

    body: str
    header: Part | None = None
    footer: str = ""
    buttons: tuple[Part, ...] = ()
    fields: tuple[Field, ...] = ()


class Unfillable(Exception):
    """It has parts that nobody here can fill: carousels, offers that end, product lists."""


def read(components: list[dict[str, Any]]) -> Form:
    header: Part | None = None
    body, footer = "", ""
    buttons: tuple[Part, ...] = ()
    fields: list[Field] = []
    for component in components:
        match str(component["type"]).lower():
            case "header":
                header = Part(type=str(component.get("format", "text")).lower(), text=component.get("text") or "")
                fields += _header_fields(header, component)
            case "body":
                body = str(component.get("text") or "")
                fields += _body_fields(body, component)
            case "footer":
                footer = str(component.get("text") or "")
            case "buttons":
                buttons = tuple(_button(each) for each in component["buttons"])
                fields += [
                    field for place, each in enumerate(component["buttons"]) for field in _button_fields(place, each)
                ]
            case _:
                raise Unfillable
    return Form(header=header, body=body, footer=footer, buttons=buttons, fields=tuple(fields))


def _header_fields(header: Part, component: dict[str, Any]) -> Iterator[Field]:
    if header.type == "text":
        example = _first((component.get("example") or {}).get("header_text"))
        for name, placeholder in variables(header.text):
            key = "header" if name.isdigit() else f"header.{name}"
            yield Field(key=key, component="header", type="text", label=name, placeholder=placeholder,
                        example=example, max=TEMPLATE_HEADER)  # fmt: skip
    elif header.type in (*FILES, "location"):
        yield Field(key="header", component="header", type=header.type, label=header.type)
    else:
        raise Unfillable


def _body_fields(body: str, component: dict[str, Any]) -> Iterator[Field]:
    example = component.get("example") or {}
    rows = example.get("body_text")
    positional = rows[0] if isinstance(rows, list) and rows and isinstance(rows[0], list) else []
    named = {
        str(each.get("param_name")): str(each.get("example") or "")
        for each in example.get("body_text_named_params") or []
    }
    for name, placeholder in variables(body):
        place = int(name) - 1 if name.isdigit() else -1
        said = str(positional[place]) if 0 <= place < len(positional) else named.get(name, "")
        yield Field(key=f"body.{name}", component="body", type="text", label=name, placeholder=placeholder,
                    example=said, max=TEMPLATE_BODY)  # fmt: skip


def _button(button: dict[str, Any]) -> Part:
    return Part(type=str(button["type"]).lower(), text=str(button.get("text") or ""), url=str(button.get("url") or ""))


def _button_fields(place: int, button: dict[str, Any]) -> Iterator[Field]:
    kind, label = str(button["type"]).lower(), str(button.get("text") or button["type"])

    def field(type_: str, *, most: int, required: bool = False, placeholder: str | None = None) -> Field:
        return Field(
            key=f"button.{place}", component="button", type=type_, label=label, placeholder=placeholder,
            example=_first(button.get("example")), max=most, required=required, button=place,
        )  # fmt: skip

    match kind:
        case "url":
            for _, placeholder in variables(str(button.get("url") or "")):
                yield field("text", most=URL, required=True, placeholder=placeholder)
        case "quick_reply":
            yield field("payload", most=TEMPLATE_PAYLOAD)
        case "copy_code":
            yield field("code", most=TEMPLATE_CODE, required=True)
        case "flow":
            yield field("flow_token", most=TEMPLATE_PAYLOAD)
        case "catalog":
            yield field("product_id", most=TEMPLATE_PAYLOAD)
        case _ if kind not in _PLAIN:
            raise Unfillable


def variables(text: str) -> Iterator[tuple[str, str]]:
    """Names and how they stand in the text; each once, in their order."""
    seen: dict[str, str] = {}
    for found in VARIABLE.finditer(text):
        seen.setdefault(found[1], found[0])
    yield from sorted(seen.items(), key=lambda each: int(each[0])) if all(map(str.isdigit, seen)) else seen.items()


def _first(example: Any) -> str:
    if isinstance(example, list):
        return _first(example[0]) if example else ""
    return str(example or "")
