"""What a run prints: the machine, each side's figures, and the ratios that answer the goals."""

import os
import platform
import statistics
import sys
from collections.abc import Sequence
from typing import Any

import msgspec


class Figures(msgspec.Struct):
    median: float
    min: float
    max: float
    unit: str


def figures(values: Sequence[float], unit: str) -> Figures:
    return Figures(round(statistics.median(values), 3), round(min(values), 3), round(max(values), 3), unit)


def progress(round_: int, name: str, found: dict[str, float]) -> None:
    """On stderr: the JSON on stdout stays alone."""
    words = ", ".join(f"{kind} {value:.1f}" for kind, value in found.items())
    print(f"round {round_ + 1}: {name}: {words}", file=sys.stderr, flush=True)


def ratio(ours: float, theirs: float) -> float:
    return round(ours / theirs, 3)


def machine() -> dict[str, Any]:
    return {
        "system": platform.platform(),
        "python": platform.python_version(),
        "cores": len(os.sched_getaffinity(0)),
        "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
    }


class Missing(msgspec.Struct, frozen=True):
    """In place of a figure that could not be measured."""

    reason: str


def missing(reason: str) -> Missing:
    return Missing(reason)


def with_reasons(found: dict[str, Any]) -> dict[str, Any]:
    """A missing figure is null, with `KEY_reason` beside it."""
    told: dict[str, Any] = {}
    for key, value in found.items():
        told[key] = None if isinstance(value, Missing) else value
        if isinstance(value, Missing):
            told[f"{key}_reason"] = value.reason
    return told
