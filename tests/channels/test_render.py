"""On every channel: the limits that are refused, what quotes, and a file that Meta does not have (facts §5, §6)."""

from typing import Any

import pytest
from channels.rendering import IGSID, PHONE, PSID, options

from server.channels import instagram, messenger, whatsapp
from server.domain.errors import Invalid
from server.domain.inbound import Address
from server.domain.outgoing import Choices, Image, Link, Location, Option, Text


@pytest.mark.parametrize(
    ("render", "recipient", "outgoing", "words"),
    [
        (whatsapp.render, PHONE, Text("a" * 4097), "4097 characters; the most is 4096"),
        (whatsapp.render, PHONE, Text("  "), "Write something"),
        (whatsapp.render, PHONE, Choices("Which?", options(11)), "11 options; it takes 1 to 10 in all"),
        (whatsapp.render, PHONE, Choices("Which?", ()), "0 options"),
        (
            whatsapp.render,
            PHONE,
            Choices("Which?", options(2, "A title beyond twenty")),
            "button has 23 characters; the most is 20",
        ),
        (
            whatsapp.render,
            PHONE,
            Choices("Which?", options(4, "A title that is beyond 24")),
            "row has 27 characters; the most is 24",
        ),
        (whatsapp.render, PHONE, Choices("a" * 1025, options(2)), "the most is 1024"),
        (whatsapp.render, PHONE, Choices("Which?", (Option("a", "Yes"), Option("b", "Yes"))), "same title"),
        (
            whatsapp.render,
            PHONE,
            Choices("Which?", options(4), "A label beyond twenty"),
            "label that opens the list has 21",
        ),
        (messenger.render, PSID, Text("a" * 2001), "2001 characters; the most is 2000"),
        (messenger.render, PSID, Choices("Which?", options(14)), "14 options"),
        # 501 Arabic letters and a blank are 1,003 bytes.
        (instagram.render, IGSID, Text("س" * 501 + " "), "1003 bytes; the most is 1000"),
    ],
)
def test_limits_are_refused_by_name(render: Any, recipient: Address, outgoing: Any, words: str) -> None:
    with pytest.raises(Invalid) as refused:
        render(outgoing, recipient, "out-42")
    assert words in refused.value.words
    assert refused.value.extra["field"]


def test_a_thousand_bytes_of_arabic_fit_instagram() -> None:
    assert instagram.render(Text("س" * 500), IGSID, "out-42")["message"]["text"] == "س" * 500


def test_a_place_as_text_keeps_to_the_limit_of_texts() -> None:
    with pytest.raises(Invalid) as refused:
        instagram.render(Location(30.0, 31.0, "ن" * 500), IGSID, "out-42")
    assert "bytes" in refused.value.words


@pytest.mark.parametrize(
    "outgoing",
    [Image(1, media_id="9", reply_to="wamid.X"), Choices("Which?", options(2), reply_to="wamid.X"),
     Link("Here", "Open", "https://majlis.example", reply_to="wamid.X"), Location(30, 31, reply_to="wamid.X")],
)  # fmt: skip
def test_every_kind_quotes(outgoing: Any) -> None:
    assert whatsapp.render(outgoing, PHONE, "out-42")["context"] == {"message_id": "wamid.X"}
    assert messenger.render(outgoing, PSID, "out-42")["reply_to"] == {"mid": "wamid.X"}


def test_a_file_that_never_reached_meta_is_not_sent() -> None:
    for render, recipient in ((whatsapp.render, PHONE), (messenger.render, PSID)):
        with pytest.raises(Invalid):
            render(Image(1), recipient, "out-42")
