"""The bot engine, with the demo's bots: what customers write, and what they are told."""

import json
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.actions.organisation_folder import read
from server.domain import flow, limits
from server.domain.errors import FlowError
from server.domain.flow import Effect, HandOff, Say, SetLanguage
from server.domain.model import Channel
from server.domain.outgoing import Choices, Location, Text
from server.paths import DEMO_ORGANISATION

ORGANISATION = read(DEMO_ORGANISATION)
CAFE = flow.of_sector(ORGANISATION, ORGANISATION.sectors["hospitality"])
SCHOOLS = flow.of_sector(ORGANISATION, ORGANISATION.sectors["education"])
# Sunday 3 pm in Jeddah, 2 pm in Cairo: both are open. At four on Friday morning neither is.
OPEN = datetime(2026, 11, 22, 12, tzinfo=UTC)
CLOSED = datetime(2026, 11, 27, 1, tzinfo=UTC)


class Talk:
    """A customer who talks to a bot; `said` are the bot's answers to the last message."""

    def __init__(self, bot: flow.Flow = CAFE, *, now: datetime = OPEN, language: str = "en") -> None:
        self.bot, self.now, self.language = bot, now, language
        self.state: dict[str, Any] | None = None
        self.effects: list[Effect] = []

    def write(self, *texts: str) -> "Talk":
        for text in texts:
            self._step(text, None)
        return self

    def press(self, payload: str, title: str = "") -> "Talk":
        self._step(title, payload)
        return self

    def _step(self, text: str, payload: str | None) -> None:
        # The state goes through the database as JSON.
        stored = json.loads(json.dumps(self.state))
        self.state, self.effects = flow.step(
            self.bot, stored, text=text, payload=payload, language=self.language, now=self.now
        )
        for effect in self.effects:
            if isinstance(effect, SetLanguage):
                self.language = effect.language

    @property
    def said(self) -> list[Any]:
        return [each.outgoing for each in self.effects if isinstance(each, Say)]

    @property
    def texts(self) -> str:
        return "\n".join(each.text for each in self.said if isinstance(each, Text | Choices))

    @property
    def hand_off(self) -> HandOff | None:
        return next((each for each in self.effects if isinstance(each, HandOff)), None)

    @property
    def waits_at(self) -> str:
        assert self.state is not None
        return str(self.state["step"])


def test_a_greeting_gets_a_welcome_and_real_choices() -> None:
    talk = Talk().write("Hi!")
    welcome, menu = talk.said
    assert welcome.text.startswith("Welcome to Havana Café")
    assert [option.id for option in menu.options] == [
        "menu.hours", "menu.location", "menu.food", "menu.prices", "menu.contact", "menu.table", "menu.person",
        "menu.language",
    ]  # fmt: skip
    assert menu.button


def test_the_first_words_choose_the_language_and_their_question_is_answered() -> None:
    talk = Talk().write("السلام عليكم، بكم القهوة؟")
    assert SetLanguage("ar") in talk.effects
    assert "ريالًا" in talk.texts
    assert talk.said[0].text.startswith("أهلًا بك")
    assert talk.waits_at == "more"


@pytest.mark.parametrize("bot", [CAFE, SCHOOLS])
@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("topic", ["hours", "location", "food", "prices", "contact"])
def test_every_topic_is_answered_and_the_talk_goes_on(bot: flow.Flow, language: str, topic: str) -> None:
    talk = Talk(bot, language=language).press("menu.person").press(f"menu.{topic}", "title")
    assert talk.texts
    assert isinstance(talk.said[-1], Choices)
    assert talk.hand_off is None
    assert any(isinstance(each, Location) for each in talk.said) is (topic == "location")


@pytest.mark.parametrize(
    ("text", "step"),
    [
        ("Opening hours", "hours"),
        ("1", "hours"),
        ("٢", "location"),
        ("number 4", "prices"),
        ("what are your prices?", "prices"),
        ("do you have parking", "location"),
        ("vegan food", "food"),
        ("أوقات العمل", "hours"),
        ("وين موقعكم", "location"),
        ("كم سعر القهوة", "prices"),
        ("رقم الجوال", "contact"),
        ("I'd like to reserve a table", "table"),
        ("أبغى أحجز طاولة", "table"),
    ],
)
def test_free_text_finds_the_choice(text: str, step: str) -> None:
    talk = Talk().write("hi").write(text)
    expected = {"table": "party"}.get(step, "more")
    assert talk.waits_at == expected
    if step != "table":
        assert CAFE.steps[step].text[talk.language] in talk.texts


def test_an_old_button_and_a_bare_id_still_work() -> None:
    assert Talk().write("hi", "prices").press("menu.hours").texts.startswith("We open every day")
    assert Talk().press("hours", "Opening hours").texts.startswith("Welcome")
    assert "We open every day" in Talk().press("hours").texts


def test_an_unknown_payload_counts_as_its_title() -> None:
    assert Talk().press("GET_STARTED", "Get started").waits_at == "menu"
    assert "We open every day" in Talk().write("hi").press("ICE_BREAKER_7", "When do you open?").texts


def test_the_language_can_be_changed_at_any_time() -> None:
    talk = Talk().write("hi").press("menu.language", "العربية")
    assert (talk.language, talk.said[0].text) == ("ar", "كيف أخدمك اليوم؟")
    assert talk.write("English please").language == "en"
    assert talk.said[0].text == "What can I do for you?"
    assert talk.write("عندكم قهوة؟").language == "ar"
    assert talk.write("what are your prices").language == "en"
    assert talk.write("أحجز طاولة", "English").said == [Text("With pleasure. For how many people?")]
    assert talk.language == "en"


def test_a_name_in_the_other_script_does_not_change_the_language() -> None:
    talk = Talk(SCHOOLS).write("أريد الاشتراك", "Nile British School")
    assert talk.language == "ar"
    assert talk.said == [Text("ولكم طفل؟")]
    assert Talk(language="ar").write("مرحبا", "latte macchiato").waits_at == "menu"


@pytest.mark.parametrize("wish", ["person", "agent", "human", "موظف", "شخص", "can I talk to somebody please"])
@pytest.mark.parametrize("before", [(), ("hi",), ("hi", "prices"), ("hi", "book a table"), ("hi", "table", "4")])
def test_a_person_can_always_be_asked_for(before: tuple[str, ...], wish: str) -> None:
    hand_off = Talk().write(*before, wish).hand_off
    assert hand_off is not None
    assert hand_off.reason == "asked"


def test_guests_are_not_a_wish_for_a_person() -> None:
    talk = Talk().write("hi", "table", "1 person")
    assert (talk.hand_off, talk.waits_at) == (None, "when")
    assert Talk().write("احجز طاولة", "شخص واحد").waits_at == "when"


def test_two_misunderstandings_hand_off() -> None:
    talk = Talk().write("hi", "flurb")
    (again,) = talk.said
    assert again.text.startswith("Sorry")
    assert again.options
    talk.write("blorf")
    assert talk.hand_off == HandOff("misunderstood", "")
    assert "a colleague" in talk.texts


def test_an_understood_message_in_between_starts_the_count_again() -> None:
    talk = Talk().write("hi", "flurb", "prices", "blorf")
    assert talk.hand_off is None
    assert Talk().write("hi", "flurb", "thanks", "blorf").hand_off is None


def test_a_message_without_words_is_not_understood() -> None:
    assert Talk().write("hi", "", "👍🏽").hand_off is not None


def test_thanks_are_welcome_and_cost_nothing() -> None:
    talk = Talk().write("hi", "prices", "شكرا جزيلا")
    assert talk.said == [Text("على الرحب والسعة! أنا هنا متى احتجت إليّ.")]
    assert talk.waits_at == "more"


def test_a_booking_gathers_answers_for_the_advisor() -> None:
    talk = Talk().write("hi", "how much is lunch", "table", "we are ٦", "tomorrow 8 pm, by the window {party}")
    assert talk.hand_off == HandOff(
        "booking", "wants a table for 6: tomorrow 8 pm, by the window {party} · looked at: Prices"
    )
    assert "a table for 6: tomorrow 8 pm" in talk.texts
    assert "in a few minutes" in talk.texts


def test_a_number_is_asked_for_again_and_the_question_can_be_left() -> None:
    talk = Talk().write("table", "a few")
    assert talk.said == [Text("How many of you will there be? Please write a number, for example 4.")]
    assert talk.write("500").hand_off is not None
    assert Talk().write("table", "cancel").waits_at == "menu"


def test_out_of_hours_the_customer_hears_when_people_are_back() -> None:
    asked = Talk(now=CLOSED).write("person")
    assert "back today at 7 am" in asked.texts
    booked = Talk(now=CLOSED).write("أحجز طاولة", "٢", "الليلة")
    assert "يعود الزملاء اليوم الساعة 7 صباحًا" in booked.texts
    assert "back tomorrow at 9 am" in Talk(SCHOOLS, now=CLOSED).write("person").texts
    assert "back" not in Talk().write("person").texts


def test_without_a_calendar_people_are_always_there() -> None:
    bot = flow.load(ORGANISATION.flows["hospitality"])
    assert "a few minutes" in Talk(bot, now=CLOSED).write("person").texts


def test_after_a_hand_off_a_new_talk_begins() -> None:
    talk = Talk().write("table", "4", "tonight", "hello")
    assert talk.texts.startswith("Welcome")
    assert talk.state == {"step": "menu", "misses": 0, "answers": {}, "seen": []}


def test_a_stored_state_of_another_document_begins_anew() -> None:
    for state in ({"step": "gone"}, {"step": ["x"]}, {}, {"step": "menu", "misses": "x", "answers": [], "seen": {}}):
        after, effects = flow.step(CAFE, state, text="hi", payload=None, language="fr", now=OPEN)
        assert after["step"] == "menu"
        assert effects[0] == SetLanguage("en")


messages = st.one_of(
    st.tuples(st.text(max_size=80), st.none()),
    st.tuples(
        st.sampled_from(["hi", "prices", "table", "4", "موظف", "بكم", "English", "عربي", "thanks", "flurb"]), st.none()
    ),
    st.tuples(st.text(max_size=5), st.sampled_from([*CAFE.pressed, *SCHOOLS.pressed, "hours", "GET_STARTED", ""])),
)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from([CAFE, SCHOOLS]), st.lists(messages, max_size=8), st.sampled_from([OPEN, CLOSED]))
def test_any_talk_is_answered_within_limits_and_can_be_replayed(
    bot: flow.Flow, said: list[tuple[str, str | None]], now: datetime
) -> None:
    talks = [Talk(bot, now=now), Talk(bot, now=now)]
    for text, payload in said:
        for talk in talks:
            talk._step(text, payload)
        first, second = talks
        assert (first.state, first.effects) == (second.state, second.effects)
        assert first.said, "the customer is always answered"
        assert first.state is not None
        assert first.state["misses"] <= flow.MOST_MISSES
        assert len(msgspec.json.encode(first.state)) < 4000
        for outgoing in first.said:
            for channel in Channel:
                assert limits.problems(outgoing, channel) == []


def test_a_small_bot_rests_after_its_answer_and_fills_in_what_it_was_told() -> None:
    def both(text: str) -> dict[str, str]:
        return {"en": text, "ar": text}

    bot = flow.load(
        {
            "start": "name", "menu": "menu", "hand_off": "person", "misunderstood": both("?"), "thanks": both("!"),
            "steps": {
                "name": {"do": "ask", "text": both("Who are you?"), "save": "name", "next": "menu"},
                "menu": {
                    "do": "choose", "text": both("Hello {name}"),
                    "options": [{"id": "joke", "go": "joke", "title": {"en": "Joke", "ar": "نكتة"}}],
                },
                "joke": {"do": "say", "text": both("Ha, {name}")},
                "person": {"do": "hand_off", "text": both("Bye")},
            },
        }
    )  # fmt: skip
    talk = Talk(bot).write("hi", "Mariam")
    assert talk.texts == "Hello Mariam"
    assert talk.write("joke").said == [Text("Ha, Mariam")]
    assert talk.write("a joke").said == [Text("Ha, Mariam")]
    assert talk.write("flurb").texts == "?"
    assert talk.write("no more of this, bring some human being").hand_off == HandOff("asked", "looked at: Joke")


def test_a_wrong_document_is_refused() -> None:
    with pytest.raises(FlowError, match="menu"):
        flow.load({"start": "a"})
    document: dict[str, Any] = json.loads(json.dumps(ORGANISATION.flows["hospitality"]))
    document["steps"]["hours"]["next"] = "nowhere"
    with pytest.raises(FlowError, match=r"steps\.hours\.next: there is no step 'nowhere'"):
        flow.load(document)
