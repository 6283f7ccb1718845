"""A flow document worked out once: messages ready to send, options ready to be found in free text."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from server.domain import calendar as hours
from server.domain.errors import FlowError
from server.domain.flow_check import ANSWER_SHOWN, PLACEHOLDER, problems
from server.domain.flow_document import Answer, Choose, FlowDocument
from server.domain.folding import words
from server.domain.lexicon import Lexicon
from server.domain.organisation import Calendar
from server.domain.outgoing import Choices, Option
from server.domain.wording import fill_opens

ANSWER_KEPT = 200
# "3", "number 3", "the 3", "رقم ٣": a choice by its place, unless the sentence is about something else.
_MOST_WORDS_OF_PLACE = 2


class Flow:
    """Immutable after it was built. `pressed` finds an option by the payload its button carries."""

    def __init__(self, document: FlowDocument, calendar: Calendar | None) -> None:
        self.document = document
        self.steps = document.steps
        self._calendar = calendar
        self.pressed: dict[str, Answer] = {}
        self.options: dict[str, Options] = {}
        self.choices: dict[tuple[str, str], Choices] = {}
        self.choices_again: dict[tuple[str, str], Choices] = {}
        for name, step in document.steps.items():
            if isinstance(step, Choose):
                self.options[name] = Options(step.options)
                self.pressed |= {f"{name}.{option.id}": option for option in step.options}
                for language in document.languages:
                    shown = tuple(_option(name, option, language) for option in step.options)
                    button = step.button.get(language, "")
                    self.choices[name, language] = Choices(step.text[language], shown, button)
                    self.choices_again[name, language] = Choices(document.misunderstood[language], shown, button)
        self.menu_options = self.options[document.menu]

    def people_are_there(self, now: datetime) -> bool:
        return self._calendar is None or hours.open_at(self._calendar, now)

    def fill(self, text: str, answers: Mapping[str, object], language: str, now: datetime) -> str:
        """The text with {opens} and the customer's answers in place of their names."""
        if self._calendar is not None:
            text = fill_opens(text, self._calendar, language, now)
        return PLACEHOLDER.sub(lambda match: str(answers.get(match[1], "–"))[:ANSWER_SHOWN], text)


class Options:
    """The options of one step as free text may mean them: by title, by number, by the words of any language."""

    def __init__(self, options: Sequence[Answer]) -> None:
        self._options = options
        self._titles: dict[tuple[str, ...], Answer] = {}
        for option in options:
            for title in (option.id, *option.title.values()):
                self._titles.setdefault(tuple(words(title)), option)
        self._lexicon = Lexicon(
            (phrase, index)
            for index, option in enumerate(options)
            for phrases in (*option.words.values(), option.title.values())
            for phrase in phrases
        )

    def best(self, said: Sequence[str]) -> Answer | None:
        """The option most words of the text speak for; of equals the one said first."""
        if not said:
            return None
        titled = self._titles.get(tuple(said))
        if titled is not None:
            return titled
        if len(said) <= _MOST_WORDS_OF_PLACE and said[-1].isdecimal() and len(said[-1]) <= 2:
            place = int(said[-1])
            return self._options[place - 1] if 1 <= place <= len(self._options) else None
        found = self._lexicon.find(said)
        if not found:
            return None
        return self._options[max(found, key=found.__getitem__)]


def compile_flow(document: FlowDocument, calendar: Calendar | None) -> Flow:
    """Raises `FlowError` with the first thing that is wrong."""
    for path, what in problems(document, ()):
        raise FlowError(f"{'.'.join(map(str, path))}: {what}")
    return Flow(document, calendar)


def _option(name: str, option: Answer, language: str) -> Option:
    return Option(f"{name}.{option.id}", option.title[language], option.description.get(language, ""))
