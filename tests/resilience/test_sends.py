"""Short runs of `seams` and `sends`, and the look from outside that they end with."""

import pytest
from resilience import outbound, seams, sends
from resilience.outbound import Sent
from resilience.record import Heard
from resilience.seams_process import SEAMS


@pytest.mark.slow
async def test_kills_at_every_seam_of_a_send() -> None:
    found = await seams.run(seams.Plan(kills=5, people=10))
    assert found.clean, found.summary()
    assert found.figures["kills_by_seam"] == dict.fromkeys(SEAMS, 1)
    assert found.figures["taken_by_meta"] > 0, found.summary()


@pytest.mark.slow
async def test_a_meta_that_misbehaves_gets_everything_once_and_in_order() -> None:
    found = await sends.run(sends.Plan(sends=150, people=50, chatty=5))
    assert found.clean, found.summary()
    assert found.figures["taken_by_meta"] > 140, found.summary()


def row(text: str, state: str, *, seq: int = 1, status: str = "accepted") -> Sent:
    return Sent(seq, 1, seq, state, 1, f"id {text}", text, status, None)


def heard(text: str, place: int = 1) -> Heard:
    return Heard(f"wamid.{text}.{place}", f"id {text}", "financial-whatsapp", "sara", text, place)


@pytest.mark.parametrize(
    ("rows", "taken", "wrong"),
    [
        ([row("a", "accepted")], [heard("a")], None),
        ([row("a", "uncertain", status="uncertain")], [], None),
        ([row("a", "failed", status="failed")], [], None),
        ([row("a", "accepted")], [heard("a"), heard("a", 2)], "doubled"),
        ([row("a", "accepted")], [], "lost"),
        ([row("a", "failed", status="failed")], [heard("a")], "lost"),
        ([row("a", "queued", status="queued")], [], "unresolved"),
        ([row("a", "uncertain", status="queued")], [], "unresolved"),
        ([row("a", "accepted"), row("b", "accepted", seq=2)], [heard("b"), heard("a")], "out_of_order"),
    ],
)
def test_the_look_from_outside_sees_what_is_wrong(rows: list[Sent], taken: list[Heard], wrong: str | None) -> None:
    found = outbound.judge(rows, taken)
    assert found.clean is (wrong is None)
    assert wrong is None or getattr(found, wrong)
