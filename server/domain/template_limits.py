"""What Meta lets a filled template hold; facts §5, §9."""

import re
from collections.abc import Iterator

from server.domain.blank import is_blank
from server.domain.channel_limits import (
    TEMPLATE_BODY,
    TEMPLATE_BUTTONS,
    TEMPLATE_CODE,
    TEMPLATE_HEADER,
    TEMPLATE_PAYLOAD,
    URL,
)
from server.domain.errors import Invalid
from server.domain.limit_words import empty, outside, too_many
from server.domain.outgoing import Template
from server.domain.template_parts import Component, Parameter

# Meta refuses them in what fills a variable.
_UNSENDABLE = re.compile(r"[\n\r\t]| {5}")


def breaks(template: Template) -> Iterator[Invalid]:
    preview = template.preview
    if preview.header is not None and preview.header.type == "text" and len(preview.header.text) > TEMPLATE_HEADER:
        yield outside("header", "values.header", len(preview.header.text), TEMPLATE_HEADER)
    if len(preview.body) > TEMPLATE_BODY:
        yield outside("text", "values.body", len(preview.body), TEMPLATE_BODY)
    for button in preview.buttons:
        if len(button.url) > URL:
            yield outside("url", "values.button", len(button.url), URL)
    if len(preview.buttons) > TEMPLATE_BUTTONS:
        yield too_many("button", "buttons", len(preview.buttons), TEMPLATE_BUTTONS)
    for component in template.components:
        for place, parameter in enumerate(component.parameters):
            yield from _parameter(parameter, field_of(component, place))


def field_of(component: Component, place: int) -> str:
    """Where in the values of a template this parameter came from."""
    if component.type == "button":
        return f"values.button.{component.index}"
    parameter = component.parameters[place]
    if component.type == "header":
        return f"values.header.{parameter.name}" if parameter.name else "values.header"
    return f"values.body.{parameter.name or place + 1}"


def _parameter(parameter: Parameter, field: str) -> Iterator[Invalid]:
    match parameter.type:
        case "text":
            if is_blank(parameter.text):
                yield empty("value", field)
            if _UNSENDABLE.search(parameter.text):
                yield Invalid("A template takes no line breaks, tabs or long gaps in its fields.", field=field)
        case "payload" if len(parameter.text) > TEMPLATE_PAYLOAD:
            yield outside("payload", field, len(parameter.text), TEMPLATE_PAYLOAD)
        case "coupon_code" if len(parameter.text) > TEMPLATE_CODE:
            yield outside("code", field, len(parameter.text), TEMPLATE_CODE)
        case "coupon_code" if is_blank(parameter.text):
            yield empty("value", field)
        case "image" | "video" | "document" if parameter.attachment_id is None:
            yield empty("value", field)
        case "location" if parameter.place is None:
            yield empty("value", field)
