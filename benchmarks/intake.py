"""Durable intake beside its baselines (G1), the acknowledgement path (G2), and a full WhatsApp number (G3)."""

import time
from collections.abc import Callable
from typing import Any

from benchmarks import payloads, report
from benchmarks.database import Database, database
from benchmarks.load import Result, run_closed, run_open
from benchmarks.server import serving

ROUNDS = 3
G3_RATE = 3_300


def run(seconds: float) -> dict[str, Any]:
    """`seconds` is how long the paced run of G3 lasts; the rounds before it take what they take."""
    with database() as db:
        inbox = db.fresh()
        payloads.use(*_desk(inbox))
        sides: dict[str, list[float]] = {}
        p99s: dict[str, list[float]] = {}

        def measure(name: str, module: str, count: int, *, messages: int = 1, applied: bool = False, **extra: str) -> None:
            dsn = db.fresh()
            requests = [payloads.request("/webhooks/meta", payloads.body(messages)) for _ in range(count)]
            with serving(module, dsn, **extra) as port:
                run_closed(port, requests[: max(count // 20, 10)])
                rest = requests[max(count // 20, 10) :]
                began = time.perf_counter()
                result = run_closed(port, rest)
                _check(result)
                if applied:
                    _drained(db, dsn)
                elapsed = time.perf_counter() - began
            sides.setdefault(name, []).append(len(rest) * messages / elapsed)
            p99s.setdefault(name, []).append(result.at(0.99))

        for _ in range(ROUNDS):
            measure("bare ASGI", "bare", 20_000)
            measure("verify only", "verify", 20_000)
            measure("raw insert, group commit", "ceiling", 15_000)
            measure("acknowledgement path", "product", 15_000, BENCHMARK_APPLY="")
            measure("product, fully applied", "product", 10_000, applied=True, BENCHMARK_APPLY="1")
            measure("product, batches of ten", "product", 1_500, messages=10, applied=True, BENCHMARK_APPLY="1")
            measure("naive Litestar", "naive", 1_500)
            measure("FastAPI + SQLAlchemy", "fastapi_orm", 400)
            measure("FastAPI + SQLAlchemy, batches of ten", "fastapi_orm", 60, messages=10)
        median = {name: report.figures(values, "messages/s").median for name, values in sides.items()}
        p99 = {name: report.figures(values, "ms").median for name, values in p99s.items()}
        paced = _paced(db, seconds)
        return {
            "machine": report.machine(),
            "sides": {name: report.figures(values, "messages/s") for name, values in sides.items()},
            "p99": {name: report.figures(values, "ms") for name, values in p99s.items()},
            "paced": paced,
            "g1_vs_fastapi": report.ratio(median["product, fully applied"], median["FastAPI + SQLAlchemy"]),
            "g1_vs_naive": report.ratio(median["product, fully applied"], median["naive Litestar"]),
            "g1_of_ceiling": report.ratio(median["product, fully applied"], median["raw insert, group commit"]),
            "g1_batch_vs_fastapi": report.ratio(
                median["product, batches of ten"], median["FastAPI + SQLAlchemy, batches of ten"]
            ),
            "g2_of_verify_only": report.ratio(median["acknowledgement path"], median["verify only"]),
            "g2_p99_vs_bare": report.ratio(p99["acknowledgement path"], p99["bare ASGI"]),
            "g3_ack_p50_ms": paced["ack_p50_ms"],
            "g3_ack_p99_ms": paced["ack_p99_ms"],
            "g3_backlog_drain_s": paced["backlog_drain_s"],
        }


def _paced(db: Database, seconds: float) -> dict[str, Any]:
    dsn = db.fresh()
    requests = [payloads.request("/webhooks/meta", payloads.body()) for _ in range(int(G3_RATE * seconds))]
    with serving("product", dsn, BENCHMARK_APPLY="1") as port:
        result = run_open(port, requests, G3_RATE)
        _check(result)
        ended = time.perf_counter()
        _drained(db, dsn)
        drain = time.perf_counter() - ended
    return {
        "asked_per_s": G3_RATE,
        "reached_per_s": round(result.rate),
        "seconds": seconds,
        "ack_p50_ms": result.at(0.5),
        "ack_p99_ms": result.at(0.99),
        "backlog_drain_s": round(drain, 2),
    }


def _drained(db: Database, dsn: str) -> None:
    _until(lambda: db.value("select count(*) from journal where applied_at is null", dsn) == 0, 600)


def _until(done: Callable[[], bool], seconds: float) -> None:
    end = time.monotonic() + seconds
    while not done():
        if time.monotonic() > end:
            raise RuntimeError("the backlog did not drain")
        time.sleep(0.02)


def _check(result: Result) -> None:
    if set(result.statuses) != {200}:
        raise RuntimeError(f"answers: {result.statuses}")


def _desk(dsn: str) -> tuple[str, str]:
    import asyncio

    import asyncpg

    async def read() -> tuple[str, str]:
        connection = await asyncpg.connect(dsn)
        row = await connection.fetchrow(
            "select external_id, definition->>'account_id' as account from inbox "
            "where sector_id = 'financial' and channel = 'whatsapp'"
        )
        await connection.close()
        return row["external_id"], row["account"] or "1"

    return asyncio.run(read())
