"""Whether a bot's document makes sense: every way leads somewhere, every text exists and fits its channels."""

import re
from collections.abc import Collection, Iterator

from server.domain import limits
from server.domain.channel_limits import BUTTONS
from server.domain.flow_document import Ask, Choose, FlowDocument, HandOff, Say, Step, follows
from server.domain.model import Channel
from server.domain.organisation import Words
from server.domain.outgoing import Choices, Location, Option, Outgoing, Text

Path = tuple[str | int, ...]
Problem = tuple[Path, str]

# How a broken limit names the option it is about.
_OPTION = re.compile(r"options\[(\d+)\]\.(\w+)")
PLACEHOLDER = re.compile(r"\{(\w+)\}")
# An answer fills at most so much of a text; Arabic letters take two bytes each.
ANSWER_SHOWN = 60
_FILLED = "ع" * ANSWER_SHOWN


def problems(document: FlowDocument, channels: Collection[Channel]) -> Iterator[Problem]:
    """Every fault, by the path of its key. `channels` are those of the inboxes the bot talks in."""
    yield from _ways(document)
    saved = {step.save for step in document.steps.values() if isinstance(step, Ask)}
    for text, path in ((document.misunderstood, "misunderstood"), (document.thanks, "thanks")):
        yield from _words(document, text, (path,), set())
    for name, step in document.steps.items():
        yield from _step(document, step, ("steps", name), saved)
        for language in document.languages:
            yield from _beyond_limits(document, name, language, channels)


def _beyond_limits(
    document: FlowDocument, name: str, language: str, channels: Collection[Channel]
) -> Iterator[Problem]:
    seen: set[Problem] = set()
    for key, outgoing in _messages(name, document.steps[name], language, document):
        for channel in channels:
            for broken in limits.breaks(channel, outgoing):
                field = _OPTION.match(str(broken.extra.get("field")))
                path = ("options", int(field[1]), field[2]) if field else key
                problem = ("steps", name, *path, language), f"{channel}: {broken.words}"
                if problem not in seen:
                    seen.add(problem)
                    yield problem


def _ways(document: FlowDocument) -> Iterator[Problem]:
    steps = document.steps
    for key, kind in (("start", None), ("menu", Choose), ("hand_off", HandOff)):
        name = getattr(document, key)
        if name not in steps:
            yield (key,), f"there is no step '{name}'"
        elif kind is not None and not isinstance(steps[name], kind):
            yield (key,), f"the step '{name}' must be of the kind that can {key.replace('_', ' ')}"
    for name, step in steps.items():
        for path, target in follows(step):
            if target not in steps:
                yield ("steps", name, *path), f"there is no step '{target}'"
    if document.start in steps and document.hand_off in steps and document.menu in steps:
        reached = _reached(document)
        for name in steps.keys() - reached:
            yield ("steps", name), "no step leads here"
    for name, step in steps.items():
        if isinstance(step, Say) and _never_waits(steps, name):
            yield ("steps", name, "next"), "leads back here without ever waiting for an answer"


def _reached(document: FlowDocument) -> set[str]:
    found: set[str] = set()
    ahead = [document.start, document.menu, document.hand_off]
    while ahead:
        name = ahead.pop()
        if name in document.steps and name not in found:
            found.add(name)
            ahead += [target for _, target in follows(document.steps[name])]
    return found


def _never_waits(steps: dict[str, Step], start: str) -> bool:
    name: str | None = start
    for _ in range(len(steps)):
        step = steps.get(name or "")
        if not isinstance(step, Say):
            return False
        name = step.next
        if name == start:
            return True
    return False


def _step(document: FlowDocument, step: Step, path: Path, saved: set[str]) -> Iterator[Problem]:
    if isinstance(step, Say):
        if not step.text and step.location is None:
            yield path, "says nothing"
        if step.text:
            yield from _words(document, step.text, (*path, "text"), saved)
        if step.location is not None:
            yield from _words(document, step.location.name, (*path, "location", "name"), set())
            yield from _words(document, step.location.address, (*path, "location", "address"), set())
    elif isinstance(step, Choose):
        yield from _words(document, step.text, (*path, "text"), saved)
        yield from _options(document, step, path)
    elif isinstance(step, Ask):
        yield from _words(document, step.text, (*path, "text"), saved)
        if step.retry:
            yield from _words(document, step.retry, (*path, "retry"), saved)
        if step.expects not in ("text", "number"):
            yield (*path, "expects"), "must be 'text' or 'number'"
        if not PLACEHOLDER.fullmatch(f"{{{step.save}}}"):
            yield (*path, "save"), "must be one word"
    else:
        yield from _words(document, step.text, (*path, "text"), saved)
        if step.closed:
            yield from _words(document, step.closed, (*path, "closed"), saved | {"opens"})
        yield from _placeholders(step.summary, (*path, "summary"), saved)


def _options(document: FlowDocument, step: Choose, path: Path) -> Iterator[Problem]:
    many = len(step.options) > BUTTONS
    if many or step.button:
        yield from _words(document, step.button, (*path, "button"), set())
    seen: set[str] = set()
    for index, option in enumerate(step.options):
        here = (*path, "options", index)
        if option.id in seen:
            yield (*here, "id"), f"'{option.id}' is the id of another option"
        seen.add(option.id)
        yield from _words(document, option.title, (*here, "title"), set())
        if option.description:
            yield from _words(document, option.description, (*here, "description"), set())
        for key in ("words", "language"):
            for language in getattr(option, key).keys() - set(document.languages):
                yield (*here, key, language), "is not a language of this bot"
        for language, other in option.language.items():
            if other not in document.languages:
                yield (*here, "language", language), f"'{other}' is not a language of this bot"


def _words(document: FlowDocument, words: Words, path: Path, known: set[str]) -> Iterator[Problem]:
    for language in document.languages:
        if not words.get(language, "").strip():
            yield path, f"lacks the language '{language}'"
    for language, text in words.items():
        if language not in document.languages:
            yield (*path, language), "is not a language of this bot"
        yield from _placeholders(text, (*path, language), known)


def _placeholders(text: str, path: Path, known: set[str]) -> Iterator[Problem]:
    for name in PLACEHOLDER.findall(text):
        if name not in known:
            yield path, f"{{{name}}} is filled by no step"
    if re.search(r"[{}]", PLACEHOLDER.sub("", text)):
        yield path, "has a brace that is no placeholder"


def _messages(name: str, step: Step, language: str, document: FlowDocument) -> Iterator[tuple[Path, Outgoing]]:
    """What the step can send in the language, with every answer as long as it may be; nothing for missing texts."""
    texts: list[tuple[str, Words]] = [("text", step.text)] if not isinstance(step, Say) or step.text else []
    if isinstance(step, Ask) and step.retry:
        texts.append(("retry", step.retry))
    if isinstance(step, HandOff) and step.closed:
        texts.append(("closed", step.closed))
    if isinstance(step, Choose):
        texts.append(("text", document.misunderstood))
    for key, words in texts:
        text = PLACEHOLDER.sub(_FILLED, words.get(language, ""))
        if not text:
            continue
        if isinstance(step, Choose):
            yield (key,), Choices(text, _shown(name, step, language), step.button.get(language, ""))
        else:
            yield (key,), Text(text)
    if isinstance(step, Say) and step.location is not None and language in step.location.name:
        place = step.location
        yield (
            ("location", "name"),
            Location(place.latitude, place.longitude, place.name[language], place.address.get(language, "")),
        )


def _shown(name: str, step: Choose, language: str) -> tuple[Option, ...]:
    return tuple(
        Option(f"{name}.{each.id}", each.title.get(language, ""), each.description.get(language, ""))
        for each in step.options
    )
