"""What Meta charges for: facts §2.1 and §5.1."""

from datetime import UTC, datetime

import pytest

from server.domain import costs
from server.domain.costs import Line


def line(category: str, type: str | None, count: int, billable: bool | None = None) -> Line:
    return Line(category=category, type=type, billable=billable, count=count)


def test_a_price_is_read_as_meta_tells_it() -> None:
    raw = {"billable": True, "pricing_model": "PMP", "type": "regular", "category": "service"}
    found = costs.read(raw)
    assert found is not None
    assert (found.category, found.type, found.billable, found.raw) == ("service", "regular", True, raw)


@pytest.mark.parametrize("raw", [None, [], "free", {}, {"category": None}, {"category": 7}, {"category": " "}])
def test_what_is_no_price_is_none(raw: object) -> None:
    assert costs.read(raw) is None


def test_words_nobody_knows_yet_are_kept() -> None:
    found = costs.read({"category": "holograms", "type": "allowance_2027", "billable": "perhaps"})
    assert found is not None
    assert (found.category, found.type, found.billable) == ("holograms", "allowance_2027", None)


def test_the_type_says_more_than_the_flag() -> None:
    assert line("service", "regular", 1, billable=None).charged
    assert not line("service", "free_customer_service", 1, billable=True).charged
    assert not line("marketing", "free_entry_point", 1, billable=True).charged
    assert line("utility", None, 1, billable=True).charged
    assert line("utility", "allowance_2027", 1, billable=True).charged
    assert not line("utility", "allowance_2027", 1, billable=False).charged


def test_a_month_counts_the_free_service_messages() -> None:
    month = costs.tally([
        line("service", "free_customer_service", 900), line("service", "regular", 20),
        line("service", "free_entry_point", 500), line("marketing", "regular", 30), line("utility", "regular", 4),
    ])  # fmt: skip
    assert (month.delivered, month.charged, month.free_used, month.free_left) == (1454, 54, 920, 80)
    assert [each.count for each in month.lines] == [900, 500, 30, 20, 4]


def test_the_allowance_ends_at_a_thousand() -> None:
    month = costs.tally([line("service", "free_customer_service", 1000), line("service", "regular", 250)])
    assert (month.free_used, month.free_left, month.charged) == (1000, 0, 250)
    assert costs.tally([]).free_left == 1000


def test_a_month_is_the_sectors_own() -> None:
    begins, ends = costs.month_of("2026-12", "Asia/Riyadh")
    assert begins.astimezone(UTC) == datetime(2026, 11, 30, 21, tzinfo=UTC)
    assert ends.astimezone(UTC) == datetime(2026, 12, 31, 21, tzinfo=UTC)


@pytest.mark.parametrize("text", ["", "2026", "2026-13", "2026-1", "26-01", "2026-01-01", "1900-01", "x", "٢٠٢٦-٠١"])
def test_what_is_no_month_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        costs.month_of(text, "Asia/Riyadh")


@pytest.mark.parametrize(
    ("body", "known"),
    [
        ({"conversation": {"id": "c", "expiration_timestamp": "1790000000"}}, True),
        ({"conversation": {"id": "c", "expiration_timestamp": 1790000000}}, True),
        ({"conversation": {"id": "c"}}, False), ({"conversation": None}, False), ({"conversation": []}, False),
        ({}, False),
        ({"conversation": {"expiration_timestamp": "soon"}}, False),
        ({"conversation": {"expiration_timestamp": "9" * 40}}, False),
    ],
)  # fmt: skip
def test_meta_itself_says_when_a_free_entry_ends(body: dict[str, object], known: bool) -> None:
    found = costs.free_entry_until(body)
    assert found == (datetime.fromtimestamp(1790000000, UTC) if known else None)
