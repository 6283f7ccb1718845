"""Reads the business's accounts from an organisation file (TOML) or a plain list of them (JSON, TOML)."""

import json
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from server.simulator.config import DEFAULT_META_ID, SimulatedApp, SimulatedInbox

DEMO = Path(__file__).parents[1] / "demo" / "org.toml"


class Accounts(msgspec.Struct, frozen=True):
    inboxes: tuple[SimulatedInbox, ...]
    # Meta's number of each app the file names, by its id.
    app_ids: dict[str, str] = {}
    # One ad per sector, as its priority rules name them.
    ads: dict[str, str] = {}

    def apps(self, secrets: Mapping[str, str]) -> tuple[SimulatedApp, ...]:
        """The apps whose secret is known."""
        return tuple(
            SimulatedApp(id=name, secret=secret, meta_id=self.app_ids.get(name, DEFAULT_META_ID))
            for name, secret in secrets.items()
        )


def read(path: Path = DEMO) -> Accounts:
    """Raises `ValueError` with the file's name when it holds no usable inbox."""
    text = path.read_text(encoding="utf-8")
    document = json.loads(text) if path.suffix == ".json" else tomllib.loads(text)
    try:
        return from_document(document)
    except (msgspec.ValidationError, KeyError, TypeError) as error:
        raise ValueError(f"{path.name}: {error}") from error


def from_document(document: Any) -> Accounts:
    if isinstance(document, list):
        document = {"inboxes": document}
    sectors = {row["id"]: row for row in _rows(document, "sectors")}
    inboxes = tuple(
        msgspec.convert({**row, "sector_names": sectors.get(row.get("sector"), {}).get("names", {})}, SimulatedInbox)
        for row in _rows(document, "inboxes")
    )
    if not inboxes:
        raise KeyError("no inboxes")
    app_ids = {row["id"]: row["meta_id"] for row in _rows(document, "apps") if row.get("meta_id")}
    ads = {name: ad for name, row in sectors.items() if (ad := _first_ad(row))}
    return Accounts(inboxes=inboxes, app_ids=app_ids, ads=ads)


def _rows(document: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """`[[inboxes]]`, or `[inboxes.ID]` with the id as its key."""
    rows = document.get(name, [])
    if isinstance(rows, dict):
        return [{"id": key, **row} for key, row in rows.items()]
    return list(rows)


def _first_ad(sector: dict[str, Any]) -> str | None:
    for rule in sector.get("priority_rules", []):
        for source in rule.get("ad_sources", []):
            return str(source)
    return None
