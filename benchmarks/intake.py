"""Durable intake beside its baselines (G1), the acknowledgement path (G2), and a full WhatsApp number (G3)."""

import time
from importlib.util import find_spec
from typing import Any

import msgspec

from benchmarks import payloads, report
from benchmarks.database import Database, database
from benchmarks.load import Result, run_closed, run_open
from benchmarks.server import serving

G3_RATE = 3_300

TABLES = (
    "contact", "identity", "conversation", "message", "outbox", "waiting", "sla_timer", "event", "inbound_key",
)  # fmt: skip


class Case(msgspec.Struct, frozen=True):
    """One side under one load. `stores`: every message must leave the same rows as the product's."""

    name: str
    module: str
    count: int
    messages: int = 1
    stores: bool = False
    applies: bool = False


BARE = Case("bare ASGI", "bare", 20_000)
VERIFY = Case("verify only", "verify", 20_000)
CEILING = Case("raw insert, group commit", "ceiling", 12_000)
PATH = Case("acknowledgement path", "product", 12_000)
PRODUCT = Case("product, fully applied", "product", 8_000, stores=True, applies=True)
PRODUCT_TENS = Case("product, batches of ten", "product", 800, messages=10, stores=True, applies=True)
NAIVE = Case("naive Litestar", "naive", 1_200, stores=True)
FASTAPI = Case("FastAPI + SQLAlchemy", "fastapi_orm", 240, stores=True)
FASTAPI_TENS = Case("FastAPI + SQLAlchemy, batches of ten", "fastapi_orm", 30, messages=10, stores=True)

# Neighbours in time are those that are compared.
CASES = (BARE, VERIFY, PATH, CEILING, PRODUCT, NAIVE, FASTAPI, PRODUCT_TENS, FASTAPI_TENS)


def run(seconds: float, times: int) -> dict[str, Any]:
    """`seconds` is how long the paced run of G3 lasts; the rounds before it take what they take."""
    absent = _absent()
    cases = [each for each in CASES if not absent or each.module != "fastapi_orm"]
    with database() as db:
        payloads.use(*desk(db))
        rounds: list[dict[str, dict[str, float]]] = [{} for _ in range(times)]
        for place, found in enumerate(rounds):
            for case in cases:
                found[case.name] = _measure(db, case)
                report.progress(place, case.name, found[case.name])
        paced = _paced(db, seconds)
    kinds = ("messages_per_s", "p50_ms", "p99_ms", "server_cpu_us", "postgres_cpu_us")
    sides = {
        case.name: {kind: report.figures([each[case.name][kind] for each in rounds], kind) for kind in kinds}
        for case in cases
    }

    def ratio(ours: Case, theirs: Case, kind: str = "messages_per_s") -> Any:
        if theirs.name not in sides:
            return report.missing(absent)
        return report.ratio(sides[ours.name][kind].median, sides[theirs.name][kind].median)

    ratios = {
        "g1_vs_fastapi": ratio(PRODUCT, FASTAPI),
        "g1_vs_naive": ratio(PRODUCT, NAIVE),
        "g1_of_ceiling": ratio(PRODUCT, CEILING),
        "g1_batch_vs_fastapi": ratio(PRODUCT_TENS, FASTAPI_TENS),
        "g2_of_verify_only": ratio(PATH, VERIFY),
        "g2_p99_vs_bare": ratio(PATH, BARE, "p99_ms"),
        "g3_ack_p50_ms": paced["ack_p50_ms"],
        "g3_ack_p99_ms": paced["ack_p99_ms"],
        "g3_backlog_drain_s": paced["backlog_drain_s"],
    }
    return {"machine": report.machine(), "sides": sides, "paced": paced, **report.with_reasons(ratios)}


def _measure(db: Database, case: Case) -> dict[str, float]:
    dsn = db.fresh()
    requests = [payloads.request("/webhooks/meta", payloads.body(case.messages)) for _ in range(case.count)]
    warm = max(case.count // 20, 10)
    with serving(case.module, dsn, BENCHMARK_APPLY="1" if case.applies else "") as side:
        _check(run_closed(side.port, requests[:warm]))
        _drained(db, dsn, case)
        server, postgres, began = side.cpu_seconds(), db.cpu_seconds(), time.perf_counter()
        result = run_closed(side.port, requests[warm:])
        _check(result)
        _drained(db, dsn, case)
        elapsed = time.perf_counter() - began
        server, postgres = side.cpu_seconds() - server, db.cpu_seconds() - postgres
        if case.stores:
            _check_rows(db, dsn, case)
    db.drop(dsn)
    messages = (case.count - warm) * case.messages
    return {
        "messages_per_s": messages / elapsed,
        "p50_ms": result.at(0.5),
        "p99_ms": result.at(0.99),
        "server_cpu_us": server / messages * 1e6,
        "postgres_cpu_us": postgres / messages * 1e6,
    }


def _paced(db: Database, seconds: float) -> dict[str, Any]:
    dsn = db.fresh()
    requests = [payloads.request("/webhooks/meta", payloads.body()) for _ in range(int(G3_RATE * seconds))]
    with serving("product", dsn, BENCHMARK_APPLY="1") as side:
        result = run_open(side.port, requests, G3_RATE)
        _check(result)
        ended = time.perf_counter()
        _drained(db, dsn, PRODUCT)
        drain = time.perf_counter() - ended
    return {
        "asked_per_s": G3_RATE,
        "reached_per_s": round(result.rate),
        "seconds": seconds,
        "ack_p50_ms": result.at(0.5),
        "ack_p99_ms": result.at(0.99),
        "backlog_drain_s": round(drain, 2),
    }


def _drained(db: Database, dsn: str, case: Case) -> None:
    """What was acknowledged counts once it is applied."""
    end = time.monotonic() + 300
    while case.applies and db.value("select exists (select from journal where applied_at is null)", dsn):
        if time.monotonic() > end:
            raise RuntimeError("the backlog did not drain")
        time.sleep(0.02)


def _check(result: Result) -> None:
    # FastAPI's habit is 200, a Litestar handler's too here; anything else was not stored.
    if set(result.statuses) != {200}:
        raise RuntimeError(f"answers: {result.statuses}")


def _check_rows(db: Database, dsn: str, case: Case) -> None:
    """A first message to the investment desk leaves these, whoever stores it."""
    wanted = dict(zip(TABLES, (1, 2, 1, 2, 1, 1, 2, 7, 1), strict=True))
    for table, rows in wanted.items():
        found = db.value(f"select count(*) from {table}", dsn)
        if found != rows * case.count * case.messages:
            raise RuntimeError(f"{case.name}: {found} rows of {table} for {case.count * case.messages} messages")


def _absent() -> str:
    missing = [name for name in ("fastapi", "sqlalchemy", "pydantic") if find_spec(name) is None]
    return f"not installed: {', '.join(missing)} (the extra 'bench')" if missing else ""


def desk(db: Database) -> tuple[str, str]:
    dsn = db.fresh()
    desk = "from inbox where sector_id = 'financial' and channel = 'whatsapp'"
    number = db.value(f"select external_id {desk}", dsn)
    account = db.value(f"select definition ->> 'account_id' {desk}", dsn)
    db.drop(dsn)
    return number, account or "1"
