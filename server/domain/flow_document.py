"""A bot as a document: steps with their texts. What each step does is `domain.flow`'s to say."""

from collections.abc import Iterator, Mapping

import msgspec

from server.domain.errors import FlowError
from server.domain.organisation import Words


class _Strict(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    pass


class Place(_Strict, frozen=True, kw_only=True):
    latitude: float
    longitude: float
    name: Words
    address: Words


class Answer(_Strict, frozen=True, kw_only=True):
    """One option of a choice. `words` are what people write when they mean it, per language; * ends a stem."""

    id: str
    title: Words
    go: str
    description: Words = {}
    words: dict[str, tuple[str, ...]] = {}
    # The language the talk goes on in, by the language it was in.
    language: dict[str, str] = {}


class Say(_Strict, frozen=True, kw_only=True, tag_field="do", tag="say"):
    """Says a text, a place or both; without `next` the talk rests and the menu still answers."""

    text: Words = {}
    location: Place | None = None
    next: str | None = None


class Choose(_Strict, frozen=True, kw_only=True, tag_field="do", tag="choose"):
    """Offers options and waits."""

    text: Words
    options: tuple[Answer, ...]
    # What opens the list on WhatsApp, where there are more than three.
    button: Words = {}


class Ask(_Strict, frozen=True, kw_only=True, tag_field="do", tag="ask"):
    """Asks, waits, and keeps the answer under `save` for later texts and for the summary."""

    text: Words
    save: str
    next: str
    # 'number': a whole number from 1 to `most`, in any digits or as a word.
    expects: str = "text"
    most: int = 1000
    retry: Words = {}


class HandOff(_Strict, frozen=True, kw_only=True, tag_field="do", tag="hand_off"):
    """Gives the conversation to people. `closed` is said instead when nobody is there; {opens} tells until when."""

    text: Words
    closed: Words = {}
    # For the advisor; answers in braces.
    summary: str = ""


Step = Say | Choose | Ask | HandOff


class FlowDocument(_Strict, frozen=True, kw_only=True):
    """`start` greets, `menu` answers questions at any time, `hand_off` is where a wish for a person leads."""

    start: str
    menu: str
    hand_off: str
    misunderstood: Words
    thanks: Words
    languages: tuple[str, ...] = ("en", "ar")
    steps: dict[str, Step]


def parse(document: Mapping[str, object]) -> FlowDocument:
    """Raises `FlowError` when the shape is wrong; `flow_check.problems` says whether it makes sense."""
    try:
        return msgspec.convert(document, FlowDocument)
    except msgspec.ValidationError as error:
        raise FlowError(str(error)) from error


def follows(step: Step) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """The steps this one can lead to, by the path of the key that says so."""
    if isinstance(step, Choose):
        for index, option in enumerate(step.options):
            yield ("options", index, "go"), option.go
    elif isinstance(step, Say | Ask) and step.next is not None:
        yield ("next",), step.next
