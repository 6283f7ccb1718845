"""Faults of a bot's document, each named by the path of its key."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from server.domain.flow_check import problems
from server.domain.flow_document import parse
from server.domain.model import Channel

BOTH = {"en": "Hello", "ar": "مرحبا"}
GOOD: dict[str, Any] = {
    "start": "welcome",
    "menu": "menu",
    "hand_off": "person",
    "misunderstood": BOTH,
    "thanks": BOTH,
    "steps": {
        "welcome": {"do": "say", "text": BOTH, "next": "menu"},
        "menu": {
            "do": "choose", "text": BOTH,
            "options": [
                {"id": "place", "go": "place", "title": {"en": "Where", "ar": "أين"}},
                {"id": "name", "go": "name", "title": {"en": "Name", "ar": "الاسم"}},
            ],
        },
        "place": {
            "do": "say", "location": {"latitude": 1.0, "longitude": 2.0, "name": BOTH, "address": BOTH},
        },
        "name": {"do": "ask", "text": BOTH, "save": "name", "next": "person"},
        "person": {"do": "hand_off", "text": {"en": "Bye {name}", "ar": "{name}"}, "summary": "is {name}"},
    },
}  # fmt: skip

Break = Callable[[dict[str, Any]], None]


def found(change: Break, *channels: Channel) -> list[tuple[str, str]]:
    document = deepcopy(GOOD)
    change(document)
    return [(".".join(map(str, path)), what) for path, what in problems(parse(document), channels)]


def put(path: str, value: object) -> Break:
    def change(document: dict[str, Any]) -> None:
        *parents, last = path.split(".")
        at: Any = document
        for key in parents:
            at = at[int(key)] if isinstance(at, list) else at[key]
        at[last] = value

    return change


def more_options(count: int, title: str = "Option") -> list[dict[str, Any]]:
    titles = [{"en": f"{title} {place}", "ar": f"خيار {place}"} for place in range(count)]
    return [
        *GOOD["steps"]["menu"]["options"],
        *({"id": f"o{place}", "go": "place", "title": each} for place, each in enumerate(titles)),
    ]


def test_a_good_document_has_no_faults() -> None:
    assert found(lambda document: None, *Channel) == []


@pytest.mark.parametrize(
    ("change", "path", "what"),
    [
        (put("start", "gone"), "start", "there is no step 'gone'"),
        (put("menu", "place"), "menu", "must be of the kind"),
        (put("hand_off", "menu"), "hand_off", "must be of the kind"),
        (put("steps.welcome.next", "gone"), "steps.welcome.next", "there is no step 'gone'"),
        (put("steps.menu.options.0.go", "gone"), "steps.menu.options.0.go", "there is no step 'gone'"),
        (put("steps.welcome.next", "welcome"), "steps.welcome.next", "without ever waiting"),
        (put("steps.lost", {"do": "say", "text": BOTH}), "steps.lost", "no step leads here"),
        (put("steps.welcome.text", {"en": "Hello"}), "steps.welcome.text", "lacks the language 'ar'"),
        (put("steps.welcome.text", {**BOTH, "fr": "Salut"}), "steps.welcome.text.fr", "is not a language"),
        (put("steps.welcome.text", {**BOTH, "en": "{age}"}), "steps.welcome.text.en", "{age} is filled by no step"),
        (put("steps.welcome.text", {**BOTH, "en": "{ age"}), "steps.welcome.text.en", "a brace"),
        (put("steps.person.text", {**BOTH, "en": "{opens}"}), "steps.person.text.en", "{opens} is filled by no step"),
        (put("steps.welcome", {"do": "say", "next": "menu"}), "steps.welcome", "says nothing"),
        (put("steps.name.expects", "date"), "steps.name.expects", "must be 'text' or 'number'"),
        (put("steps.name.save", "my name"), "steps.name.save", "must be one word"),
        (put("steps.menu.options.1.id", "place"), "steps.menu.options.1.id", "is the id of another option"),
        (put("steps.menu.options.0.words", {"fr": ["où"]}), "steps.menu.options.0.words.fr", "not a language"),
        (put("steps.menu.options.0.language", {"en": "fr"}), "steps.menu.options.0.language.en", "'fr' is not"),
        (put("steps.menu.options", more_options(3)), "steps.menu.button", "lacks the language 'en'"),
    ],
)
def test_names_the_fault(change: Break, path: str, what: str) -> None:
    faults = found(change)
    assert any(where == path and what in fault for where, fault in faults), faults


@pytest.mark.parametrize(
    ("change", "channel", "what"),
    [
        (put("steps.menu.options.0.title", {"en": "x" * 21, "ar": "أين"}), Channel.WHATSAPP, "whatsapp"),
        (put("steps.menu.options.0.title", {"en": "x" * 21, "ar": "أين"}), Channel.INSTAGRAM, "instagram"),
        (put("steps.menu.options", more_options(9)), Channel.WHATSAPP, "whatsapp"),
        (put("steps.menu.options", more_options(12)), Channel.MESSENGER, "messenger"),
        (put("steps.welcome.text", {"en": "Hello", "ar": "م" * 501}), Channel.INSTAGRAM, "bytes"),
        (put("steps.person.text", {"en": "x" * 900 + "{name}", "ar": "م"}), Channel.INSTAGRAM, "bytes"),
        (put("steps.menu.text", {"en": "x" * 1025, "ar": "م"}), Channel.WHATSAPP, "1024"),
        (put("misunderstood", {"en": "x" * 1025, "ar": "م"}), Channel.WHATSAPP, "1024"),
        (put("steps.menu.options.1.title", {"en": "Where", "ar": "الاسم"}), Channel.WHATSAPP, "same title"),
    ],
)
def test_texts_fit_the_channels_they_are_for(change: Break, channel: Channel, what: str) -> None:
    assert any(what in fault for _, fault in found(change, channel))


def test_a_list_of_a_whatsapp_bot_takes_longer_titles() -> None:
    def change(document: dict[str, Any]) -> None:
        put("steps.menu.options", more_options(2, "A title of 22 letters"))(document)
        put("steps.menu.button", {"en": "Options", "ar": "الخيارات"})(document)

    assert found(change, Channel.WHATSAPP) == []
    assert found(change, Channel.MESSENGER) != []
