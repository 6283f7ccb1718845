"""A template somebody wants to create: Meta's rules for its parts (facts §9)."""

import re
from collections import Counter
from itertools import groupby
from typing import Any

from server.simulator.config import SimulatedInbox
from server.simulator.graph import limits, refusals
from server.simulator.message_templates import VARIABLE, Component, Template

NAME = re.compile(r"[a-z0-9_]{1,512}")
CATEGORIES = ("AUTHENTICATION", "MARKETING", "UTILITY")
# A Messenger page has no others.
PAGE_CATEGORIES = ("UTILITY",)
# Most of each, and the longest text.
BUTTONS = {"QUICK_REPLY": (10, 25), "URL": (2, 25), "PHONE_NUMBER": (1, 20), "COPY_CODE": (1, 20)}


def categories_of(inbox: SimulatedInbox) -> tuple[str, ...]:
    return CATEGORIES if inbox.channel == "whatsapp" else PAGE_CATEGORIES


def written(inbox: SimulatedInbox, body: dict[str, Any]) -> Template:
    """Raises `Refusal`."""
    name = limits.text(body, "name", "name", most=512)
    if not NAME.fullmatch(name):
        raise refusals.invalid("Param name: lowercase letters, digits and underscores only.")
    category = str(body.get("category", "")).upper()
    categories = categories_of(inbox)
    if category not in categories:
        raise refusals.invalid(f"Param category must be one of {', '.join(categories)}.")
    language = limits.text(body, "language", "language", most=20)
    form = str(body.get("parameter_format") or "positional").upper()
    components = limits.sequence(body, "components", "components", most=10)
    check(components)
    return Template(
        id="", account=inbox.entry_id, name=name, language=language, category=category, status="PENDING",
        quality="UNKNOWN", parameter_format=form, components=components,
    )  # fmt: skip


def check(components: list[Component]) -> None:
    kinds = Counter(str(each.get("type", "")).upper() for each in components)
    if kinds["BODY"] != 1 or max(kinds.values()) > 1:
        raise refusals.of_code(2388072, "There must be one BODY, and each other part once at most.")
    for component in components:
        component["type"] = str(component.get("type", "")).upper()
        part = PARTS.get(component["type"])
        if part is not None:
            part(component)


def _body(component: Component) -> None:
    text = component.get("text")
    if not isinstance(text, str) or not text.strip():
        raise refusals.of_code(2388072, "The body needs a text.")
    if len(text) > 1024:
        raise refusals.of_code(2388040, "The body has 1024 characters at most.")
    stripped = text.strip()
    variables = list(VARIABLE.finditer(stripped))
    if variables and (variables[0].start() == 0 or variables[-1].end() == len(stripped)):
        raise refusals.of_code(2388299, "Variables cannot be at the start or end of the body.")
    example = component.get("example") or {}
    if variables and not (example.get("body_text") or example.get("body_text_named_params")):
        raise refusals.of_code(2388072, "A body with variables needs examples of them.")
    if len(variables) * 3 > len(VARIABLE.sub("", text).split()) + 2:
        raise refusals.of_code(2388293, "Too many variables for so few words.")


def _header(component: Component) -> None:
    form = str(component.get("format", "")).upper()
    if form not in ("TEXT", "IMAGE", "VIDEO", "DOCUMENT", "LOCATION"):
        raise refusals.of_code(2388047, "The header's format is not supported.")
    if form == "TEXT":
        text = component.get("text")
        if not isinstance(text, str) or not text or len(VARIABLE.findall(text)) > 1:
            raise refusals.of_code(2388047, "A text header has a text with one variable at most.")
        if len(text) > 60:
            raise refusals.of_code(2388040, "The header has 60 characters at most.")
    elif form != "LOCATION" and not (component.get("example") or {}).get("header_handle"):
        raise refusals.of_code(2388047, "A media header needs an example handle.")


def _footer(component: Component) -> None:
    text = component.get("text")
    if not isinstance(text, str) or not text or VARIABLE.search(text):
        raise refusals.of_code(2388073, "The footer has a text without variables.")
    if len(text) > 60:
        raise refusals.of_code(2388040, "The footer has 60 characters at most.")


def _buttons(component: Component) -> None:
    buttons = limits.sequence(component, "buttons", "buttons", most=10)
    kinds = [str(each.get("type", "")).upper() for each in buttons]
    for button, kind in zip(buttons, kinds, strict=True):
        most, longest = BUTTONS.get(kind, (1, 25))
        if kinds.count(kind) > most:
            raise refusals.invalid(f"There may be {most} buttons of type {kind}.")
        limits.text(button, "text", "button['text']", most=longest)
        if kind == "URL":
            limits.text(button, "url", "button['url']", most=2000)
    runs = [kind for kind, _ in groupby(kinds)]
    if runs.count("QUICK_REPLY") > 1:
        raise refusals.invalid("Quick replies must stand together.")


PARTS = {"BODY": _body, "HEADER": _header, "FOOTER": _footer, "BUTTONS": _buttons}
