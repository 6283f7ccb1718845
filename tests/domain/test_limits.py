"""Every limit of facts §5 and §6 is refused before a call, by its name; what keeps to them is not."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain import limits
from server.domain.channel_limits import LIMITS
from server.domain.errors import Invalid
from server.domain.model import Channel
from server.domain.outgoing import (
    AskContact,
    AskLocation,
    Audio,
    Button,
    Buttons,
    Card,
    Cards,
    Choices,
    Contacts,
    Image,
    Link,
    Location,
    Option,
    Person,
    Phone,
    Reaction,
    Section,
    Sticker,
    Template,
    Text,
)
from server.domain.template_parts import Component, Parameter, Preview, PreviewPart

W, M, I = Channel.WHATSAPP, Channel.MESSENGER, Channel.INSTAGRAM  # noqa: E741
PAGE = (M, I)
URL = "https://majlis.example/"


def rows(count: int, start: int = 0) -> tuple[Option, ...]:
    return tuple(Option(f"id{number}", f"Row {number}", "why") for number in range(start, start + count))


def sections(*counts: int) -> tuple[Section, ...]:
    return tuple(Section(f"Part {place}", rows(count, place * 20)) for place, count in enumerate(counts))


def template(**more: Any) -> Template:
    return Template("booking_ok", "en", more.pop("preview", Preview(body="Hello")), **{"category": "utility"} | more)


def body(*parameters: Parameter) -> tuple[Component, ...]:
    return (Component("body", parameters),)


# What keeps to a limit by nothing, and what breaks it by one: (channels, name of the limit, kept, broken).
EDGES = [
    ((W,), "text", Text("a" * 4096), Text("a" * 4097)),
    ((M,), "text", Text("a" * 2000), Text("a" * 2001)),
    ((I,), "text", Text("س" * 500), Text("س" * 500 + "!")),
    ((W,), "caption", Image(1, "a" * 1024), Image(1, "a" * 1025)),
    (PAGE, "caption", Image(1), Image(1, "Look")),
    ((W,), "caption", Audio(1), Audio(1, "Listen")),
    ((W,), "text", Choices("a" * 1024, rows(3)), Choices("a" * 1025, rows(3))),
    ((W,), "text", Choices("a" * 4096, rows(4)), Choices("a" * 4097, rows(4))),
    ((W,), "option", Choices("Which?", rows(10)), Choices("Which?", rows(11))),
    ((W,), "option", Choices("Which?", sections=sections(5, 5)), Choices("Which?", sections=sections(5, 6))),
    (PAGE, "section", Choices("Which?", rows(2)), Choices("Which?", sections=sections(2))),
    (PAGE, "option", Choices("Which?", rows(13)), Choices("Which?", rows(14))),
    ((W, M, I), "button_title", Choices("Which?", (Option("a", "t" * 20),)),
     Choices("Which?", (Option("a", "t" * 21),))),
    ((W,), "row_title", Choices("Which?", (*rows(3), Option("a", "t" * 24))),
     Choices("Which?", (*rows(3), Option("a", "t" * 25)))),
    ((W,), "payload", Choices("Which?", (Option("i" * 256, "A"),)), Choices("Which?", (Option("i" * 257, "A"),))),
    ((W,), "payload", Choices("Which?", (*rows(3), Option("i" * 200, "A"))),
     Choices("Which?", (*rows(3), Option("i" * 201, "A")))),
    (PAGE, "payload", Choices("Which?", (Option("i" * 1000, "A"),)), Choices("Which?", (Option("i" * 1001, "A"),))),
    ((W,), "description", Choices("Which?", (*rows(3), Option("a", "A", "d" * 72))),
     Choices("Which?", (*rows(3), Option("a", "A", "d" * 73)))),
    ((W,), "section_title", Choices("Which?", sections=(Section("t" * 24, rows(2)),)),
     Choices("Which?", sections=(Section("t" * 25, rows(2)),))),
    ((W,), "list_button", Choices("Which?", rows(4), "b" * 20), Choices("Which?", rows(4), "b" * 21)),
    ((W,), "header", Choices("Which?", rows(2), header="h" * 60), Choices("Which?", rows(2), header="h" * 61)),
    ((W,), "footer", Choices("Which?", rows(2), footer="f" * 60), Choices("Which?", rows(2), footer="f" * 61)),
    (PAGE, "header", Choices("Which?", rows(2)), Choices("Which?", rows(2), header="h")),
    ((W,), "text", Link("a" * 1024, "Open", URL), Link("a" * 1025, "Open", URL)),
    (PAGE, "text", Link("a" * 640, "Open", URL), Link("a" * 641, "Open", URL)),
    ((W, M, I), "link_title", Link("Here", "t" * 20, URL), Link("Here", "t" * 21, URL)),
    ((W, M, I), "url", Link("Here", "Open", URL.ljust(2000, "x")), Link("Here", "Open", URL.ljust(2001, "x"))),
    ((W,), "text", AskLocation("a" * 1024), AskLocation("a" * 1025)),
    ((W,), "text", AskContact("a" * 1024), AskContact("a" * 1025)),
    (PAGE, "text", Buttons("a" * 640, (Button("A", "a"),)), Buttons("a" * 641, (Button("A", "a"),))),
    (PAGE, "button", Buttons("Which?", (Button("A", "a"),) * 3), Buttons("Which?", (Button("A", "a"),) * 4)),
    (PAGE, "button_title", Buttons("Which?", (Button("t" * 20, "a"),)), Buttons("Which?", (Button("t" * 21, "a"),))),
    (PAGE, "payload", Buttons("Which?", (Button("A", "p" * 1000),)), Buttons("Which?", (Button("A", "p" * 1001),))),
    (PAGE, "card", Cards((Card("A", "b"),) * 10), Cards((Card("A", "b"),) * 11)),
    (PAGE, "card_title", Cards((Card("t" * 80, "b"),)), Cards((Card("t" * 81, "b"),))),
    (PAGE, "subtitle", Cards((Card("A", "s" * 80),)), Cards((Card("A", "s" * 81),))),
    (PAGE, "button", Cards((Card("A", buttons=(Button("B", "b"),) * 3),)),
     Cards((Card("A", buttons=(Button("B", "b"),) * 4),))),
    ((W,), "contact", Contacts((Person("Omar"),) * 257), Contacts((Person("Omar"),) * 258)),
    ((W,), "contact_name", Contacts((Person("n" * 1024),)), Contacts((Person("n" * 1025),))),
    ((W,), "organisation", Contacts((Person("Omar", organisation="o" * 1024),)),
     Contacts((Person("Omar", organisation="o" * 1025),))),
    ((W,), "phone", Contacts((Person("Omar", (Phone("19777"),) * 20),)),
     Contacts((Person("Omar", (Phone("19777"),) * 21),))),
    ((W,), "email_count", Contacts((Person("Omar", emails=("o@majlis.example",) * 20),)),
     Contacts((Person("Omar", emails=("o@majlis.example",) * 21),))),
    ((W,), "email", Contacts((Person("Omar", emails=("o@".ljust(254, "x"),)),)),
     Contacts((Person("Omar", emails=("o@".ljust(255, "x"),)),))),
    ((W,), "place_name", Location(1.0, 2.0, "n" * 1024), Location(1.0, 2.0, "n" * 1025)),
    ((W,), "place_address", Location(1.0, 2.0, "n", "a" * 1024), Location(1.0, 2.0, "n", "a" * 1025)),
    # The link to the map is 34 characters, the end of a line one.
    ((M,), "place", Location(1.0, 2.0, "n" * 1965), Location(1.0, 2.0, "n" * 1966)),
    ((I,), "place", Location(1.0, 2.0, "ن" * 482), Location(1.0, 2.0, "ن" * 483)),
    ((I,), "place", Location(1.0, 2.0, "n", "ن" * 481), Location(1.0, 2.0, "n", "ن" * 482)),
    ((W, M), "text", template(preview=Preview(body="b" * 1024)), template(preview=Preview(body="b" * 1025))),
    ((W,), "header", template(preview=Preview(body="b", header=PreviewPart("text", "h" * 60))),
     template(preview=Preview(body="b", header=PreviewPart("text", "h" * 61)))),
    ((W,), "url", template(preview=Preview(body="b", buttons=(PreviewPart("url", "Open", "u" * 2000),))),
     template(preview=Preview(body="b", buttons=(PreviewPart("url", "Open", "u" * 2001),)))),
    ((W,), "code", template(components=(Component("button", (Parameter("coupon_code", "c" * 20),), "copy_code", 0),)),
     template(components=(Component("button", (Parameter("coupon_code", "c" * 21),), "copy_code", 0),))),
]  # fmt: skip


@pytest.mark.parametrize(("channels", "name", "kept", "broken"), EDGES)
def test_a_limit_is_kept_to_the_last_and_refused_beyond_by_name(
    channels: tuple[Channel, ...], name: str, kept: Any, broken: Any
) -> None:
    for channel in channels:
        limits.check(channel, kept)
        refused = list(limits.breaks(channel, broken))
        assert [each.extra["limit"]["name"] for each in refused if "limit" in each.extra] == [name]  # type: ignore[index]
        assert refused[0].extra["field"]
        assert "{" not in refused[0].words


@pytest.mark.parametrize(
    ("channel", "outgoing", "words"),
    [
        (I, Location(30.0, 31.0, "a"), None),
        (W, Location(91.0, 31.0, "a"), "no place on earth"),
        (W, Location(float("nan"), 31.0, "a"), "no place on earth"),
        (M, Sticker(1), "Messenger has no such message"),
        (I, template(), "Instagram has no such message"),
        (M, template(category="marketing"), "Messenger takes utility templates only"),
        (M, template(category=""), "Messenger takes utility templates only"),
        (W, Cards((Card("A", "b"),)), "WhatsApp has no such message"),
        (I, AskLocation("Where?"), "Instagram has no such message"),
        (W, Link("Here", "Open", "javascript:alert(1)"), "whole web address"),
        (W, Link("Here", "Open", "https://maj lis.example"), "whole web address"),
        (W, Link("Here", "Open", "https://[majlis"), "whole web address"),
        *(
            (W, Link("Here", "Open", f"https://{rest}"), "whole web address")
            for rest in (
                "majlis.example:99999999/",
                "majlis.example:0/",
                "majlis.example/\x01",
                "majlis.example/a\tb",
                "\x7f",
                "majlis.example/\u202egpj",
                "majlis\\@elsewhere.example",
                ":443/",
            )
        ),
        *(
            (W, Link("Here", "Open", f"https://{rest}"), None)
            for rest in ("majlis.example:8443/", "مجلس.example/طلب?q=1#a", "[::1]:80/")
        ),
        *(
            (channel, Buttons("Which?", (Button("A", url="https://majlis.example:65536/"),)), "whole web address")
            for channel in PAGE
        ),
        *((channel, Cards((Card("A", "b", "https://majlis.example/\n"),)), "whole web address") for channel in PAGE),
        (M, Buttons("Which?", (Button("A"),)), "either answers or opens"),
        (M, Buttons("Which?", (Button("A", "a", URL),)), "either answers or opens"),
        (M, Cards((Card("Alone"),)), "more than a title"),
        (W, Choices("Which?", sections=(Section("", rows(1)), Section("B", rows(1, 5)))), "heading"),
        (W, Choices("Which?", sections=(Section("A", ()), Section("B", rows(1, 5)))), "at least one option"),
        (W, Choices("Which?", rows(1), sections=(Section("B", rows(1, 5)),)), "heading"),
        (W, Choices("Which?", rows(1), sections=(Section("", rows(1, 5)),)), "heading"),
        (W, Choices("Which?", (Option("a", "A"), Option("a", "B"))), "same id"),
        (W, Choices("Which?", (Option("a", "A"), Option("b", "A"))), "same title"),
        (W, Contacts((Person(" "),)), "needs a name"),
        (W, Contacts((Person("\u200b"),)), "needs a name"),
        *(
            (W, Contacts((Person("Omar", (Phone(number),)),)), None)
            for number in ("+971 (4) 123-4567", "19777", "0101.234.5678", "02/1234567")
        ),
        *(
            (W, Contacts((Person("Omar", (Phone(number),)),)), "digits")
            for number in ("call me", "<script>", "", "12", "1" * 16, "+", "+971+4", "x" * 10_000)
        ),
        (W, Contacts((Person("Omar", (Phone("19777", "Z" * 25),)),)), "kind of a phone"),
        (W, Contacts((Person("Omar", emails=("omar",)),)), "whole email"),
        *(
            (channel, Text(blank), "Write something first")
            for channel in Channel
            for blank in ("\u200b\u200b", "\u2060\n\ufeff", "\u3164", "\u200e\ufe0f", "\x01")
        ),
        (M, Text("\u200b.\u200b"), None),
        (W, Choices("Which?", (Option("a", "\u200b"),)), "needs a title"),
        (W, template(components=body(Parameter("text", "\u200b"))), "Fill in"),
        (W, Reaction("wamid.X", "👍🏽"), None),
        (W, Reaction("wamid.X", "👨‍👩‍👧‍👦"), None),
        (W, Reaction("wamid.X", "🏴󠁧󠁢󠁥󠁮󠁧󠁿"), None),
        (W, Reaction("wamid.X", ""), None),
        *(
            (channel, Reaction("wamid.X", emoji), None)
            for channel in (W, M)
            for emoji in ("❤", "❤️", "🇸🇦", "1️⃣", "‼️", "🫡")
        ),
        *(
            (channel, Reaction("wamid.X", emoji), "cannot be used as a reaction")
            for channel in Channel
            for emoji in ("×", "°", "+", "★", "1", "🇸", "👍👍", "\u200d", "\ufe0f", "👍" * 9)
        ),
        (W, Reaction("wamid.X", "ok"), "cannot be used as a reaction"),
        (W, Reaction("wamid.X", "👍 "), "cannot be used as a reaction"),
        (I, Reaction("mid", "❤️"), None),
        (I, Reaction("mid", "👍"), "cannot be used as a reaction"),
        (W, template(components=body(Parameter("text", "one\ntwo"))), "no line breaks"),
        (W, template(components=body(Parameter("text", " "))), "Fill in"),
    ],
)
def test_what_has_no_number_is_refused_too(channel: Channel, outgoing: Any, words: str | None) -> None:
    told = " ".join(limits.problems(outgoing, channel))
    assert (words in told) if words else not told


LETTERS = st.text(st.sampled_from("aس😀 é"), max_size=1100)


@given(LETTERS)
def test_instagram_counts_bytes(text: str) -> None:
    fits = bool(text.strip()) and len(text.encode()) <= 1000
    assert (limits.problems(Text(text), I) == []) is fits


@given(st.lists(st.integers(1, 11), max_size=12))
def test_a_list_has_ten_rows_over_all_its_sections(counts: list[int]) -> None:
    choices = Choices("Which?", sections=sections(*counts))
    fits = bool(counts) and sum(counts) <= 10
    assert (limits.problems(choices, W) == []) is fits


TITLES = st.text(st.sampled_from("aس😀 "), max_size=30)
OPTIONS = st.lists(st.builds(Option, id=TITLES, title=TITLES, description=TITLES), max_size=15).map(tuple)


@given(st.sampled_from(Channel), st.builds(Choices, text=LETTERS, options=OPTIONS, button=TITLES, header=TITLES))
def test_what_passes_keeps_to_every_limit(channel: Channel, choices: Choices) -> None:
    known = LIMITS[channel].choices
    try:
        limits.check(channel, choices)
    except Invalid:
        return
    listed = channel is W and len(choices.options) > 3
    title_max = known.row_title_max if listed else known.title_max
    assert 1 <= len(choices.options) <= known.options_max
    assert all(each.title.strip() and len(each.title) <= (title_max or 0) for each in choices.options)
    assert len({each.id for each in choices.options}) == len(choices.options)
    text = known.list_text if listed and known.list_text else known.text
    assert text.length(choices.text) <= text.max
    assert len(choices.header) <= (known.header_max or 0)
