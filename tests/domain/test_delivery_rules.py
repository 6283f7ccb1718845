"""Statuses forward only, the window, and what each of Meta's codes means."""

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest

from server.domain.delivery import call_at, may_speak, moves_forward
from server.domain.failure_codes import NO_TOKEN, advise, rule_of
from server.domain.failures import Act, Course, Scope, of_verdict
from server.domain.inbound import Failure
from server.domain.model import Channel, MessageStatus, Purpose
from server.domain.window import Closed, Reason, Remedy

S = MessageStatus
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("before", "after", "moves"),
    [
        (S.QUEUED, S.SENT, True),
        (S.SENDING, S.UNCERTAIN, True),
        (S.UNCERTAIN, S.ACCEPTED, True),
        (S.ACCEPTED, S.FAILED, True),
        (S.SENT, S.FAILED, True),
        (S.DELIVERED, S.FAILED, False),
        (S.READ, S.DELIVERED, False),
        (S.READ, S.PLAYED, True),
        (S.SENT, S.READ, True),
        (S.FAILED, S.SENT, False),
        (S.FAILED, S.ACCEPTED, False),
        (S.FAILED, S.DELIVERED, True),
        (S.DISCARDED, S.SENT, False),
        (S.DISCARDED, S.DELIVERED, True),
    ],
)
def test_statuses_move_forward_only(before: S, after: S, moves: bool) -> None:
    assert moves_forward(before, after) is moves


def test_nothing_moves_to_itself() -> None:
    assert not any(moves_forward(each, each) for each in S)


@pytest.mark.parametrize("news", [(S.SENT, S.DELIVERED, S.READ), (S.SENT, S.FAILED), (S.SENT, S.FAILED, S.DELIVERED)])
def test_news_in_any_order_ends_at_the_same_place(news: tuple[S, ...]) -> None:
    ends = set()
    for order in permutations(news):
        status = S.ACCEPTED
        for each in order:
            status = each if moves_forward(status, each) else status
        ends.add(status)
    assert ends == {news[-1]}


def test_no_bot_where_the_sector_has_none() -> None:
    assert not may_speak(False, Purpose.BOT)
    assert may_speak(True, Purpose.BOT)
    assert all(may_speak(False, each) for each in Purpose if each is not Purpose.BOT)


WHATSAPP = {
    Course.PAUSE_INBOX: (0, 190, NO_TOKEN),
    Course.RETRY: (1, 2, 131000, 131016, 133004, 4, 80007, 130429, 131056, 131057, 131052, 131053, 132069),
    Course.WINDOW_OVER: (131047,),
    Course.SUPPRESS: (131049, 131050),
    Course.ALERT: (3, 10, 200, 299, 131005, 368, 131031, 130497, 131048, 131064, 131030, 131037, 131042, 131044,
                   131045, 133000, 133010, 133015, 133016),
    Course.FIX: (33, 100, 131008, 131009, 135000, 131051, 131055, 131063, 132000, 132001, 132005, 132007, 132008,
                 132012, 132015, 132016, 132018, 132068, 2388019, 2388299),
    Course.GIVE_UP: (130472, 131021, 131026, 131062, 137000, 2593107, 138001, 139101, 131201, 147003, 999999),
}  # fmt: skip


@pytest.mark.parametrize(("course", "code"), [(course, code) for course, codes in WHATSAPP.items() for code in codes])
def test_every_whatsapp_code_has_its_course(course: Course, code: int) -> None:
    assert rule_of(Channel.WHATSAPP, Failure(code)).course is course


@pytest.mark.parametrize(
    ("code", "subcode", "course"),
    [
        (1, 99, Course.UNSURE),
        (1, 1357046, Course.UNSURE),
        (2, None, Course.UNSURE),
        (2, 2018344, Course.ALERT),
        (4, None, Course.RETRY),
        (613, 2534040, Course.RETRY),
        (10, 2018278, Course.WINDOW_OVER),
        (10, 2018065, Course.WINDOW_OVER),
        (10, 2534022, Course.WINDOW_OVER),
        (10, 2018108, Course.GIVE_UP),
        (10, 1893063, Course.PAUSE_INBOX),
        (10, None, Course.ALERT),
        (100, 2018001, Course.GIVE_UP),
        (100, 2018008, Course.FIX),
        (100, 2534037, Course.GIVE_UP),
        (100, None, Course.FIX),
        (190, 463, Course.PAUSE_INBOX),
        (200, 2018028, Course.ALERT),
        (200, 2534041, Course.ALERT),
        (200, 1545041, Course.GIVE_UP),
        (551, 1545041, Course.GIVE_UP),
        (2018300, None, Course.GIVE_UP),
        (777777, None, Course.GIVE_UP),
    ],
)
def test_messenger_and_instagram_codes_have_their_course(code: int, subcode: int | None, course: Course) -> None:
    for channel in (Channel.MESSENGER, Channel.INSTAGRAM):
        assert rule_of(channel, Failure(code, subcode)).course is course


def test_pairs_wait_by_powers_of_four_and_numbers_rest_as_a_whole() -> None:
    pair = rule_of(Channel.WHATSAPP, Failure(131056))
    assert [pair.wait(attempts) for attempts in range(1, 7)] == [4, 16, 64, 256, 1024, None]
    assert pair.scope is Scope.MESSAGE
    assert rule_of(Channel.WHATSAPP, Failure(130429)).scope is Scope.INBOX


@pytest.mark.parametrize("channel", list(Channel))
def test_a_closed_window_reads_as_metas_own_answer(channel: Channel) -> None:
    closed = Closed(reason=Reason.WINDOW_OVER, closed_at=NOW, remedy=Remedy.WAIT)
    failure = of_verdict(channel, closed)
    assert rule_of(channel, failure).course is Course.WINDOW_OVER
    assert advise(channel, failure).act is (Act.WAIT if channel is Channel.INSTAGRAM else Act.TEMPLATE)


NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("calls", "at", "place"),
    [
        ([0], 0, 0),
        ([0, 120], 121, 1),
        # Told late, taken early.
        ([0, 120], 3, 0),
        # Meta's clock is a little behind ours.
        ([0, 120], 118, 1),
        ([0, 120], -60, 0),
        ([120, 0], 1, 1),
        ([None, 0], 1, 1),
        ([None], 1, 0),
    ],
)
def test_an_echo_belongs_to_the_call_that_was_out_when_meta_took_it(
    calls: list[int | None], at: int, place: int
) -> None:
    begun = [None if each is None else NOON + timedelta(seconds=each) for each in calls]
    assert call_at(begun, NOON + timedelta(seconds=at)) == place
