"""The bot engine: a flow, the state it was left in and what the customer did now, to a new state and effects.

Pure, and total: any text and any stored state give an answer.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from server.domain import folding, intents, languages
from server.domain.compiled import Compiled
from server.domain.flow_compiled import ANSWER_KEPT, Flow, compile_flow
from server.domain.flow_document import Answer, Ask, Choose, parse
from server.domain.flow_document import Say as SayStep
from server.domain.flow_walk import Effect, HandOff, Say, SetLanguage, Walk
from server.domain.organisation import Calendar, Organisation, Sector

__all__ = ["Effect", "Flow", "HandOff", "Say", "SetLanguage", "hand_off", "load", "of_sector", "step"]

# The second misunderstanding in a row is one too many.
MOST_MISSES = 2
_MOST_SEEN = 8


def load(document: Mapping[str, object], calendar: Calendar | None = None) -> Flow:
    """Raises `FlowError`. With a calendar, hand-offs outside its hours say when people are back."""
    return compile_flow(parse(document), calendar)


def of_sector(organisation: Organisation, sector: Sector) -> Flow:
    """The sector's flow with its calendar, compiled once for each organisation a process reads."""
    return _compiled(organisation)[sector.id]


def step(
    flow: Flow,
    state: Mapping[str, Any] | None,
    *,
    text: str,
    payload: str | None,
    language: str,
    now: datetime,
) -> tuple[dict[str, Any], list[Effect]]:
    turn = _Turn(flow, state, language, now)
    turn.take(text, payload)
    return turn.state, turn.effects


def hand_off(
    flow: Flow, state: Mapping[str, Any] | None, *, text: str, language: str, now: datetime, reason: str
) -> tuple[dict[str, Any], list[Effect]]:
    """Gives the conversation to people whatever was asked last, in the language of the text."""
    turn = _Turn(flow, state, language, now)
    turn.give_up(text, reason)
    return turn.state, turn.effects


class _Turn(Walk):
    """What the customer meant, and the way through the flow that follows from it."""

    def take(self, text: str, payload: str | None) -> None:
        said = folding.words(text)
        current = self.flow.steps[self.state["step"]]
        asking = isinstance(current, Ask)
        option = self.flow.pressed.get(payload) if payload else None
        if option is None and payload and not asking:
            option = self.flow.pressed.get(f"{self.flow.document.menu}.{payload}")
        if option is None:
            wanted = languages.asked_for(said)
            if wanted in self.flow.document.languages and not (asking and len(said) > 1):
                return self._speak(wanted)
            self._follow_language(text, said, asking)
            if intents.wants_person(said):
                return self._hand_off("asked")
        if self.fresh:
            return self._begin(option, said)
        if option is not None:
            return self._choose(option)
        if isinstance(current, Ask):
            return self._answer(current, text, said)
        return self._understand(text, said)

    def give_up(self, text: str, reason: str) -> None:
        self._follow_language(text, folding.words(text), asking=False)
        self._hand_off(reason)

    def _begin(self, option: Answer | None, said: Sequence[str]) -> None:
        """The welcome first; a question in the first words is answered right after it."""
        if option is None and said and not intents.greets(said):
            option = self.flow.menu_options.best(said)
        self.walk(self.flow.document.start, stop_at=self.flow.document.menu if option is not None else None)
        if option is not None:
            self._choose(option)

    def _understand(self, text: str, said: Sequence[str]) -> None:
        options = self.flow.options.get(self.state["step"], self.flow.menu_options)
        option = options.best(said) or self.flow.menu_options.best(said)
        if option is not None:
            if (detected := languages.detect(text)) is not None and any(not word.isdecimal() for word in said):
                self.set_language(detected)
            self._choose(option)
        elif intents.thanks(said):
            self._understood()
            self.say(self.flow.document.thanks)
        elif intents.greets(said) or intents.wants_menu(said):
            self._understood()
            self.walk(self.flow.document.menu)
        elif intents.mentions_person(said):
            self._hand_off("asked")
        else:
            self._miss()

    def _answer(self, ask: Ask, text: str, said: Sequence[str]) -> None:
        if intents.leaves(said):
            self._understood()
            return self.walk(self.flow.document.menu)
        answer: object = " ".join(text.split())[:ANSWER_KEPT]
        if ask.expects == "number":
            number = folding.number(text)
            answer = number if number is not None and 1 <= number <= ask.most else ""
        if answer == "":
            return self._miss()
        self._understood()
        self.state["answers"][ask.save] = answer
        return self.walk(ask.next)

    def _choose(self, option: Answer) -> None:
        self._understood()
        if self.language in option.language:
            self.set_language(option.language[self.language])
        elif isinstance(self.flow.steps[option.go], SayStep):
            topic = option.title[self.flow.document.languages[0]]
            if topic not in self.state["seen"]:
                self.state["seen"] = [*self.state["seen"], topic][-_MOST_SEEN:]
        reason = "asked" if option.go == self.flow.document.hand_off else option.go
        self.walk(option.go, reason=reason)

    def _speak(self, language: str) -> None:
        """The customer asked for a language: the question at hand again, in it."""
        self.set_language(language)
        self._understood()
        self.walk(self.state["step"])

    def _follow_language(self, text: str, said: Sequence[str], asking: bool) -> None:
        """Whoever writes in the other language is answered in it; a name or one foreign word changes nothing."""
        detected = languages.detect(text)
        if detected is None or (asking and not self.fresh):
            return
        if self.fresh or detected == "ar" or len(said) >= 2:
            self.set_language(detected)

    def _miss(self) -> None:
        self.state["misses"] += 1
        if self.state["misses"] >= MOST_MISSES:
            return self._hand_off("misunderstood")
        name = self.state["step"]
        current = self.flow.steps[name]
        if isinstance(current, Ask):
            return self.say(current.retry or current.text)
        shown = name if isinstance(current, Choose) else self.flow.document.menu
        self.effects.append(Say(self.flow.choices_again[shown, self.language]))
        return None

    def _understood(self) -> None:
        self.state["misses"] = 0

    def _hand_off(self, reason: str) -> None:
        self.walk(self.flow.document.hand_off, reason=reason)


def _compile_all(organisation: Organisation) -> dict[str, Flow]:
    return {
        sector.id: load(organisation.flows[sector.flow], organisation.calendars.get(sector.calendar))
        for sector in organisation.sectors.values()
        if sector.flow is not None and sector.flow in organisation.flows
    }


_compiled: Compiled[Organisation, dict[str, Flow]] = Compiled(_compile_all, most=4)
