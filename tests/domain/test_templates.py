"""Templates as Meta lists them: the fields to fill in, and the message a filled one makes (facts §9)."""

from typing import Any

import pytest

from server.domain import templates
from server.domain.errors import Invalid
from server.domain.template_parts import Parameter, Place
from server.domain.templates import Stored

BOOKING = [
    {"type": "HEADER", "format": "TEXT", "text": "Booking {{1}}", "example": {"header_text": ["42"]}},
    {"type": "BODY", "text": "Hello {{1}}, your table at {{2}} is ready. See you, {{1}}!",
     "example": {"body_text": [["Sara", "19:00"]]}},
    {"type": "FOOTER", "text": "Majlis"},
    {"type": "BUTTONS", "buttons": [
        {"type": "QUICK_REPLY", "text": "Confirm"},
        {"type": "URL", "text": "Open", "url": "https://majlis.example/b/{{1}}", "example": ["b/7"]},
        {"type": "PHONE_NUMBER", "text": "Call", "phone_number": "+15550001111"},
        {"type": "COPY_CODE", "example": "SAVE10"},
        {"type": "FLOW", "text": "Fill in", "flow_id": 1},
        {"type": "CATALOG", "text": "Browse"},
    ]},
]  # fmt: skip
VALUES = {"header": "77", "body.1": "Omar", "body.2": "20:00", "button.1": "77", "button.3": "SAVE"}
NAMED = [{"type": "BODY", "text": "Hello {{ guest }}, {{hotel_name}} awaits.", "example": {"body_text_named_params": [
    {"param_name": "guest", "example": "Sara"}, {"param_name": "hotel_name", "example": "Nile"}]}}]  # fmt: skip


def stored(components: Any, status: str = "approved") -> Stored:
    return Stored(
        account="1", name="booking", language="en", provider_id="9", status=status, category="utility",
        quality="green", components=components,
    )  # fmt: skip


def header(format: str) -> Stored:
    return stored([{"type": "HEADER", "format": format}, {"type": "BODY", "text": "Hello"}])


def test_the_fields_of_every_component() -> None:
    form = templates.form(stored(BOOKING))
    assert form is not None
    assert [(each.key, each.type, each.required, each.example, each.placeholder) for each in form.fields] == [
        ("header", "text", True, "42", "{{1}}"), ("body.1", "text", True, "Sara", "{{1}}"),
        ("body.2", "text", True, "19:00", "{{2}}"), ("button.0", "payload", False, "", None),
        ("button.1", "text", True, "b/7", "{{1}}"), ("button.3", "code", True, "SAVE10", None),
        ("button.4", "flow_token", False, "", None), ("button.5", "product_id", False, "", None),
    ]  # fmt: skip


def test_a_filled_template_and_its_preview() -> None:
    filled = templates.fill(stored(BOOKING), VALUES)
    assert filled.preview.header is not None
    assert filled.preview.header.text == "Booking 77"
    assert filled.preview.body == "Hello Omar, your table at 20:00 is ready. See you, Omar!"
    assert filled.preview.buttons[1].url == "https://majlis.example/b/77"
    assert (filled.category, filled.preview.footer) == ("utility", "Majlis")
    assert [(each.type, each.sub_type, each.index, each.parameters) for each in filled.components] == [
        ("header", "", None, (Parameter("text", "77"),)),
        ("body", "", None, (Parameter("text", "Omar"), Parameter("text", "20:00"))),
        ("button", "url", 1, (Parameter("text", "77"),)),
        ("button", "copy_code", 3, (Parameter("coupon_code", "SAVE"),)),
        ("button", "flow", 4, (Parameter("action", "unused"),)),
    ]  # fmt: skip


def test_variables_by_name_are_sent_by_name() -> None:
    filled = templates.fill(stored(NAMED), {"body.guest": "Omar", "body.hotel_name": "Nile"})
    assert filled.preview.body == "Hello Omar, Nile awaits."
    assert filled.components[0].parameters == (
        Parameter("text", "Omar", "guest"), Parameter("text", "Nile", "hotel_name")
    )  # fmt: skip


@pytest.mark.parametrize("format", ["IMAGE", "VIDEO", "DOCUMENT"])
def test_a_header_with_a_file(format: str) -> None:
    filled = templates.fill(header(format), {"header": 7})
    assert filled.components[0].parameters == (Parameter(format.lower(), attachment_id=7),)


def test_a_header_with_a_place() -> None:
    place = {"latitude": 30.0, "longitude": 31.0, "name": "Café"}
    assert templates.fill(header("LOCATION"), {"header": place}).components[0].parameters[0].place == Place(
        30.0, 31.0, "Café"
    )


@pytest.mark.parametrize(
    ("template", "values", "field"),
    [
        (stored(BOOKING), VALUES | {"body.2": ""}, "values.body.2"),
        (stored(BOOKING), {key: VALUES[key] for key in VALUES if key != "button.1"}, "values.button.1"),
        (stored(BOOKING), VALUES | {"body.1": 4}, "values.body.1"),
        (header("IMAGE"), {}, "values.header"),
        (header("IMAGE"), {"header": "7"}, "values.header"),
        (header("IMAGE"), {"header": True}, "values.header"),
        (header("LOCATION"), {"header": {"latitude": 30}}, "values.header"),
        (header("LOCATION"), {"header": {"latitude": 91, "longitude": 0}}, "values.header"),
        (stored(BOOKING, "paused"), VALUES, "name"),
        (header("GIF"), {}, "name"),
        (stored([{"type": "CAROUSEL", "cards": []}]), {}, "name"),
    ],
)
def test_what_is_missing_or_wrong_is_named(template: Stored, values: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        templates.fill(template, values)
    assert refused.value.extra["field"] == field


@pytest.mark.parametrize(
    "components",
    [
        [{}], [{"type": "BUTTONS"}], [{"type": "BUTTONS", "buttons": [{"type": "MPM", "text": "See"}]}],
        [{"type": "BUTTONS", "buttons": ["x"]}], ["x"], [{"type": "LIMITED_TIME_OFFER"}],
        [{"type": "BODY", "text": "{{²}}"}], [{"type": "HEADER", "format": "PRODUCT"}],
    ],
)  # fmt: skip
def test_a_template_nobody_here_can_fill_is_not_offered(components: Any) -> None:
    assert templates.form(stored(components)) is None


def test_odd_examples_do_no_harm() -> None:
    odd = [{"type": "BODY", "text": "Hi {{1}} {{2}}", "example": {"body_text": ["x"]}},
           {"type": "HEADER", "format": "TEXT", "text": "Hi {{1}}", "example": None}]  # fmt: skip
    form = templates.form(stored(odd))
    assert form is not None
    assert [each.example for each in form.fields] == ["", "", ""]
