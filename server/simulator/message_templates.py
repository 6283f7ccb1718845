"""Message templates on Meta's side, by account; a set of them is there from the start."""

import re
import time
import tomllib
from typing import Any

import msgspec

from server.simulator.assets import ASSETS
from server.simulator.config import SimulatedInbox
from server.simulator.identifiers import derived_digits, new_digits

Component = dict[str, Any]

VARIABLE = re.compile(r"\{\{\s*([a-z0-9_]+)\s*\}\}")
DAY = 24 * 3600


class Template(msgspec.Struct, kw_only=True):
    id: str
    account: str
    name: str
    language: str
    category: str
    status: str = "APPROVED"
    quality: str = "GREEN"
    parameter_format: str = "POSITIONAL"
    components: list[Component] = []
    rejected_reason: str = "NONE"
    edited_at: list[float] = []

    def component(self, kind: str) -> Component:
        return next((each for each in self.components if each.get("type") == kind), {})

    @property
    def buttons(self) -> list[Component]:
        return list(self.component("BUTTONS").get("buttons") or [])

    def view(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "name": self.name,
            "language": self.language,
            "status": self.status,
            "category": self.category,
            "parameter_format": self.parameter_format,
            "components": self.components,
            "quality_score": {"score": self.quality, "date": int(time.time()) - DAY},
            "rejected_reason": self.rejected_reason,
        }


def names(template: Template) -> dict[str, Any]:
    return {
        "message_template_id": int(template.id),
        "message_template_name": template.name,
        "message_template_language": template.language,
        "message_template_category": template.category,
    }


class Templates:
    def __init__(self, inboxes: tuple[SimulatedInbox, ...]) -> None:
        self._templates: dict[str, Template] = {}
        # Names whose approved template was deleted: locked for thirty days.
        self._locked: dict[tuple[str, str], float] = {}
        seeds = tomllib.loads((ASSETS / "message_templates.toml").read_text(encoding="utf-8"))["templates"]
        sectors = {each for seed in seeds for each in seed["sectors"]}
        for inbox in inboxes:
            # Accounts of other organisations begin with all of them.
            for seed in (each for each in seeds if inbox.sector not in sectors or inbox.sector in each["sectors"]):
                if inbox.channel == "whatsapp" or (inbox.channel == "messenger" and seed["category"] == "UTILITY"):
                    self._plant(inbox.entry_id, seed)

    def of(self, account: str) -> list[Template]:
        return [each for each in self._templates.values() if each.account == account]

    def get(self, template_id: str) -> Template | None:
        return self._templates.get(template_id)

    def find(self, account: str, name: str, language: str | None = None) -> Template | None:
        wanted = (each for each in self.of(account) if each.name == name and language in (None, each.language))
        return next(wanted, None)

    def add(self, template: Template) -> Template:
        template.id = template.id or new_digits(16)
        self._templates[template.id] = template
        return template

    def remove(self, template: Template) -> None:
        del self._templates[template.id]
        if template.status == "APPROVED":
            self._locked[template.account, template.name] = time.time() + 30 * DAY

    def locked(self, account: str, name: str) -> bool:
        return self._locked.get((account, name), 0.0) > time.time()

    def _plant(self, account: str, seed: dict[str, Any]) -> None:
        for language in ("en", "ar"):
            if (words := seed.get(language)) is None:
                continue
            number = derived_digits(account, seed["name"], language, length=16)
            self._templates[number] = Template(
                id=number, account=account, name=seed["name"], language=language, category=seed["category"],
                status=seed.get("status", "APPROVED"), quality=seed.get("quality", "GREEN"),
                parameter_format=seed.get("parameter_format", "positional").upper(),
                components=_components(seed, words, language),
                rejected_reason="INVALID_FORMAT" if seed.get("status") == "REJECTED" else "NONE",
            )  # fmt: skip


def _components(seed: dict[str, Any], words: dict[str, Any], language: str) -> list[Component]:
    components: list[Component] = []
    if form := seed.get("header_format"):
        components.append({"type": "HEADER", "format": form})
        if form != "LOCATION":
            components[-1]["example"] = {"header_handle": ["https://example.test/header"]}
    elif header := words.get("header"):
        example = {"header_text": [words["header_example"]]}
        components.append({"type": "HEADER", "format": "TEXT", "text": header, "example": example})
    components.append({"type": "BODY", "text": words["body"]} | _example(words.get("example")))
    if footer := words.get("footer"):
        components.append({"type": "FOOTER", "text": footer})
    if buttons := seed.get("buttons"):
        components.append({"type": "BUTTONS", "buttons": [_button(each, language) for each in buttons]})
    return components


def _example(values: dict[str, str] | list[str] | None) -> Component:
    if isinstance(values, dict):
        named = [{"param_name": name, "example": value} for name, value in values.items()]
        return {"example": {"body_text_named_params": named}}
    return {"example": {"body_text": [values]}} if values else {}


def _button(seed: dict[str, Any], language: str) -> Component:
    button = {key: value for key, value in seed.items() if key not in ("en", "ar")} | {"text": seed[language]}
    if "example" in button:
        button["example"] = [button["example"]] if button["type"] == "URL" else button["example"]
    return button
