"""A template that is sent: whether its values fit, and how it then looks on the phone."""

import re
from typing import Any

from server.simulator.graph import limits, refusals
from server.simulator.message_templates import VARIABLE, Component, Template
from server.simulator.threads import Option

HEADERS = {"IMAGE": "image", "VIDEO": "video", "DOCUMENT": "document", "LOCATION": "location"}
# Meta takes no line breaks, tabs or long gaps in a value.
BROKEN = re.compile(r"[\n\t]| {5,}")
TEXTUAL = ("text", "currency", "date_time")

Shown = dict[str, Any]


def filled(template: Template, components: list[Component]) -> Shown:
    """The fields of a `Line`. Raises `Refusal`."""
    given: dict[str, list[Component]] = {}
    for component in components:
        given.setdefault(str(component.get("type", "")).lower(), []).append(component)
    shown: Shown = {"header": "", "text": "", "footer": str(template.component("FOOTER").get("text", ""))}
    shown |= _header(template, _parameters(given.get("header")))
    body = str(template.component("BODY").get("text", ""))
    shown["text"] = _text(body, _parameters(given.get("body")), template, "body")
    if len(shown["text"]) > 1024:
        raise refusals.of_code(132005, f"body: {len(shown['text'])} characters, 1024 at most.")
    shown["options"] = _buttons(template, given.get("button") or [])
    shown["style"] = "buttons" if shown["options"] else None
    return shown


def _header(template: Template, parameters: list[Component]) -> Shown:
    header = template.component("HEADER")
    form = header.get("format")
    if form is None or form == "TEXT":
        return {"header": _text(str(header.get("text", "")), parameters, template, "header")}
    kind = HEADERS.get(str(form), "image")
    if len(parameters) != 1 or parameters[0].get("type") != kind:
        received = parameters[0].get("type") if parameters else "nothing"
        raise refusals.of_code(132012, f"header: Format mismatch, expected {form}, received {received}")
    content = limits.mapping(parameters[0], kind, f"header['{kind}']")
    if kind == "location":
        for key in ("latitude", "longitude"):
            if content.get(key) is None:
                raise refusals.missing(f"header['location']['{key}']")
        return {"detail": {"place": content}}
    if not content.get("id") and not content.get("link"):
        raise refusals.missing(f"header['{kind}']['id']")
    return {"detail": {"header": {"kind": kind, **content}}}


def _text(text: str, parameters: list[Component], template: Template, where: str) -> str:
    names = list(dict.fromkeys(VARIABLE.findall(text)))
    if len(parameters) != len(names):
        details = (
            f"{where}: number of localizable_params ({len(parameters)}) does not match the expected ({len(names)})"
        )
        raise refusals.of_code(132000, details)
    values: dict[str, str] = {}
    for number, parameter in enumerate(parameters, 1):
        name = str(parameter.get("parameter_name") or "") if template.parameter_format == "NAMED" else str(number)
        if name not in names:
            raise refusals.of_code(132012, f"{where}: the template has no variable '{name}'.")
        values[name] = _value(parameter, where)
    return VARIABLE.sub(lambda found: values[found[1]], text)


def _value(parameter: Component, where: str) -> str:
    kind = parameter.get("type")
    if kind not in TEXTUAL:
        raise refusals.of_code(132012, f"{where}: Format mismatch, expected TEXT, received {kind}")
    value = parameter.get(kind)
    if kind != "text":
        value = value.get("fallback_value") if isinstance(value, dict) else None
    if not isinstance(value, str) or not value:
        raise refusals.of_code(132008, f"{where}: a value is missing or empty.")
    if BROKEN.search(value):
        raise refusals.of_code(132018, f"{where}: no new-line, tab or more than 4 consecutive spaces in a value.")
    return value


def _buttons(template: Template, given: list[Component]) -> list[Option]:
    values: dict[int, Component] = {}
    for component in given:
        index = str(component.get("index", ""))
        if not index.isdecimal() or int(index) >= len(template.buttons):
            raise refusals.of_code(132018, f"button: there is no button at index '{index}'.")
        values[int(index)] = next(iter(_parameters([component])), {})
    return [_button(each, place, values.get(place)) for place, each in enumerate(template.buttons)]


def _button(button: Component, place: int, value: Component | None) -> Option:
    kind, title = button.get("type"), str(button.get("text", ""))
    if kind == "QUICK_REPLY":
        return Option(id=str((value or {}).get("payload") or title), title=title)
    if kind == "URL":
        url = str(button.get("url", ""))
        if VARIABLE.search(url):
            url = VARIABLE.sub(_required(value, "text", place, "Url"), url)
        return Option(id="", title=title, url=url)
    if kind == "COPY_CODE":
        code = _required(value, "coupon_code", place, "CopyCode")
        return Option(id="", title=f"{title}: {code}", url="#")
    if kind == "OTP":
        _required(value, "text", place, "OTP")
    if kind == "PHONE_NUMBER":
        return Option(id="", title=title, url=f"tel:{button.get('phone_number', '')}")
    return Option(id="", title=title, url="#")


def _required(value: Component | None, key: str, place: int, kind: str) -> str:
    found = (value or {}).get(key)
    if not isinstance(found, str) or not found:
        raise refusals.missing(f"Button at index {place} of type {kind} requires a parameter")
    return found


def _parameters(components: list[Component] | None) -> list[Component]:
    found = [each for component in components or [] for each in component.get("parameters") or []]
    if not all(isinstance(each, dict) for each in found):
        raise refusals.of_code(132012, "parameters must be JSON objects.")
    return found
