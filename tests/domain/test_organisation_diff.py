"""What an apply would change, as people read it."""

from datetime import time

from server.domain.organisation import Calendar, Organisation, Queue, Span
from server.domain.organisation_diff import compare

DESK = Queue(id="financial", sector="financial", names={"en": "Client desk"})
OFFICE = Calendar(id="office", time_zone="Asia/Riyadh", hours=(Span(weekday=0, opens=time(8), closes=time(18)),))


def organisation(*queues: Queue, **fields: object) -> Organisation:
    return Organisation(queues={each.id: each for each in queues}, **fields)  # type: ignore[arg-type]


def test_nothing_differs() -> None:
    difference = compare(organisation(DESK, version=1), organisation(DESK, version=2))
    assert not difference
    assert difference.lines == []


def test_added_removed_and_renamed() -> None:
    other = Queue(id="portfolios", sector="financial", names={"en": "Portfolios"})
    difference = compare(organisation(DESK, names={"en": "Havana"}), organisation(other, names={"en": "Havana Group"}))
    assert difference.lines == [
        "~ organisation: names.en Havana → Havana Group", "+ queue portfolios", "- queue financial",
    ]  # fmt: skip
    assert (difference.added, difference.removed) == ({"queues": ["portfolios"]}, {"queues": ["financial"]})


def test_changes_are_told_by_their_path() -> None:
    changed = Queue(id="financial", sector="financial", names={"en": "Desk", "ar": "مكتب"}, skills=("portfolio",))
    assert compare(organisation(DESK), organisation(changed)).lines == [
        "~ queue financial: names.en Client desk → Desk",
        "~ queue financial: names.ar (none) → مكتب",
        '~ queue financial: skills [] → ["portfolio"]',
    ]
    later = Calendar(id="office", time_zone="Asia/Riyadh", hours=(Span(weekday=0, opens=time(9), closes=time(18)),))
    assert compare(Organisation(calendars={"office": OFFICE}), Organisation(calendars={"office": later})).lines == [
        "~ calendar office: hours.1.opens 08:00:00 → 09:00:00"
    ]


def test_long_texts_and_long_lists_are_cut() -> None:
    before = Organisation(flows={"cafe": {f"key{n}": "short" for n in range(20)}})
    after = Organisation(flows={"cafe": {f"key{n}": f"line\n{'x' * 99}" for n in range(20)}})
    lines = compare(before, after).lines
    assert len(lines) == 13
    assert lines[0] == f"~ flow cafe: key0 short → line {'x' * 43}…"
    assert lines[-1] == "~ flow cafe: and 8 more"
