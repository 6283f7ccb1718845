"""Walks a flow's steps and gathers what they say, until one waits for the customer."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from server.domain.flow_compiled import Flow
from server.domain.flow_document import Ask, Choose
from server.domain.flow_document import HandOff as HandOffStep
from server.domain.flow_document import Say as SayStep
from server.domain.organisation import Words
from server.domain.outgoing import Location, Outgoing, Text


class Say(msgspec.Struct, frozen=True):
    outgoing: Outgoing


class HandOff(msgspec.Struct, frozen=True):
    """The talk is over for the bot. `reason`: asked, misunderstood, or the name of the step that led here."""

    reason: str
    summary: str


class SetLanguage(msgspec.Struct, frozen=True):
    language: str


Effect = Say | HandOff | SetLanguage


class Walk:
    """The state as it becomes, and the effects so far. The state is plain JSON:

    `step` waits for the customer, `misses` counts misunderstandings in a row, `answers` and `seen` feed the summary.
    """

    def __init__(self, flow: Flow, state: Mapping[str, Any] | None, language: str, now: datetime) -> None:
        self.flow, self.now = flow, now
        self.effects: list[Effect] = []
        known = state or {}
        name = known.get("step")
        waits = flow.steps.get(name) if isinstance(name, str) else None
        # A talk that was handed off, or left by a step that is gone from the document, begins anew.
        self.fresh = waits is None or isinstance(waits, HandOffStep)
        answers, seen, misses = known.get("answers"), known.get("seen"), known.get("misses")
        self.state: dict[str, Any] = {
            "step": flow.document.start if self.fresh else name,
            "misses": misses if isinstance(misses, int) and not self.fresh else 0,
            "answers": dict(answers) if isinstance(answers, dict) and not self.fresh else {},
            "seen": list(seen) if isinstance(seen, list) and not self.fresh else [],
        }
        self.language = language if language in flow.document.languages else flow.document.languages[0]
        if self.language != language:
            self.effects.append(SetLanguage(self.language))

    def walk(self, name: str, *, reason: str | None = None, stop_at: str | None = None) -> None:
        """Does the steps from `name` on until one waits for the customer; `stop_at` waits without a word."""
        while True:
            self.state["step"] = name
            current = self.flow.steps[name]
            if name == stop_at:
                return
            if isinstance(current, SayStep):
                self._say_all(current)
                if current.next is None:
                    self.state["step"] = self.flow.document.menu
                    return
                name = current.next
            elif isinstance(current, Choose):
                self._show(name, current)
                return
            elif isinstance(current, Ask):
                self.say(current.text)
                return
            else:
                closed = current.closed and not self.flow.people_are_there(self.now)
                self.say(current.closed if closed else current.text)
                self.effects.append(HandOff(reason or name, self._summary(current)))
                return

    def _show(self, name: str, current: Choose) -> None:
        choices = self.flow.choices[name, self.language]
        if "{" in choices.text:
            choices = msgspec.structs.replace(choices, text=self._filled(choices.text))
        self.effects.append(Say(choices))

    def _say_all(self, current: SayStep) -> None:
        if current.text:
            self.say(current.text)
        if current.location is not None:
            place = current.location
            name, address = place.name[self.language], place.address[self.language]
            self.effects.append(Say(Location(place.latitude, place.longitude, name, address)))

    def say(self, words: Words) -> None:
        self.effects.append(Say(Text(self._filled(words[self.language]))))

    def _filled(self, text: str) -> str:
        if "{" not in text:
            return text
        return self.flow.fill(text, self.state["answers"], self.language, self.now)

    def _summary(self, current: HandOffStep) -> str:
        first = self.flow.document.languages[0]
        parts = [self.flow.fill(current.summary, self.state["answers"], first, self.now)] if current.summary else []
        if self.state["seen"]:
            parts.append(f"looked at: {', '.join(map(str, self.state['seen']))}")
        return " · ".join(parts)

    def set_language(self, language: str) -> None:
        if language != self.language and language in self.flow.document.languages:
            self.language = language
            self.effects.append(SetLanguage(language))
