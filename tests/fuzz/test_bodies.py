"""Damaged signed deliveries: always 200, always applied, and never a lost neighbour. 100,000 of them: `fuzz.bodies`."""

import random

from conftest import TestServices
from fuzz import mutations
from fuzz.campaign import run
from fuzz.deliveries import pairs

BODIES = 1500


async def test_damaged_deliveries_harm_nobody(services: TestServices, database: str) -> None:
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    verdict = await run(
        services.pool, database, services.organisation(), services.publisher, count=BODIES, seed=seed
    )  # fmt: skip
    print(verdict)
    assert verdict.bodies == BODIES
    assert verdict.good, verdict
    # Some must be understood and some not, or the damage is not worth its name.
    assert verdict.quarantined > BODIES / 10
    assert verdict.messages > BODIES * 1.1


def test_the_same_seed_damages_alike(services: TestServices) -> None:
    one, other = ([pair.damaged for pair in pairs(services.organisation(), 20, 7)] for _ in range(2))
    assert [len(body) for body in one] == [len(body) for body in other]
    assert mutations.of_bytes(b"", random.Random(1)) is not None
