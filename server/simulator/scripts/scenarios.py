"""Scripted wishes, read from `assets/scenarios.toml`."""

import tomllib
from typing import Literal

import msgspec

from server.simulator.assets import ASSETS
from server.simulator.threads import Option


class Step(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    say: str
    intent: str = ""
    answers: int = 1


class Scenario(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    sector: str
    language: Literal["en", "ar"]
    opening: tuple[str, ...]
    steps: tuple[Step, ...]
    weight: int = 1
    entrance: Literal["", "ad", "link"] = ""
    # Said once when nobody answers in time.
    nudge: str = ""


class Book(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    intents: dict[str, tuple[str, ...]]
    scenarios: tuple[Scenario, ...]

    def wanted(self, step: Step, options: list[Option]) -> Option | None:
        """The option a person with this wish would press."""
        words = self.intents.get(step.intent, ())
        return next((option for option in options if any(word in option.title.casefold() for word in words)), None)


def load() -> Book:
    return msgspec.convert(tomllib.loads((ASSETS / "scenarios.toml").read_text(encoding="utf-8")), Book)
