"""Reads the organisation folder: `org.toml` and `flows/*.toml`. Every fault is named with its file and line."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from server.actions.folder_file import FolderFile
from server.domain import flow_check, organisation_check
from server.domain.errors import OrganisationError
from server.domain.flow_document import FlowDocument, Step
from server.domain.hours_text import spans
from server.domain.model import Channel, Role
from server.domain.organisation import (
    Calendar,
    Inbox,
    MetaApp,
    Organisation,
    Queue,
    Sector,
    Skill,
    SlaPolicy,
    User,
    Words,
)

_ENTITIES: dict[str, type[Any]] = {
    "apps": MetaApp, "skills": Skill, "calendars": Calendar, "sla_policies": SlaPolicy, "sectors": Sector,
    "queues": Queue, "inboxes": Inbox, "users": User,
}  # fmt: skip
_MOST_PROBLEMS = 30


def read(folder: Path) -> Organisation:
    """The organisation the folder describes, whole and consistent. Raises `OrganisationError` with a line per fault."""
    if not (folder / "org.toml").is_file():
        raise OrganisationError(f"{folder} {'holds no org.toml' if folder.is_dir() else 'is no folder'}.")
    main = FolderFile(folder / "org.toml", "org.toml")
    files = {path.stem: FolderFile(path, f"flows/{path.name}") for path in sorted((folder / "flows").glob("*.toml"))}
    organisation = _organisation(main, files)
    # References into parts that could not be read would only repeat the first fault.
    if not main.problems and not any(each.problems for each in files.values()):
        for path, what in organisation_check.problems(organisation):
            main.refuse(path, what)
    for name, file in files.items():
        _check_flow(file, _channels(organisation, name))
    problems = [line for file in (main, *files.values()) for line in file.report()]
    if problems:
        more = [f"and {len(problems) - _MOST_PROBLEMS} more"] if len(problems) > _MOST_PROBLEMS else []
        raise OrganisationError("\n".join([*problems[:_MOST_PROBLEMS], *more]))
    return organisation


def _organisation(main: FolderFile, files: Mapping[str, FolderFile]) -> Organisation:
    for key in main.document.keys() - {"names", *_ENTITIES}:
        main.refuse((key,), "is not a key that is known here")
    parts: dict[str, Any] = {}
    for entity, kind in _ENTITIES.items():
        tables: dict[str, Any] = {}
        for key, table in main.table(entity).items():
            identifier = "email" if kind is User else "id"
            if identifier in table:
                main.refuse((entity, key, identifier), f"the table's own name is its {identifier}")
            value = main.convert({**_prepared(main, entity, key, table), identifier: key}, kind, (entity, key))
            if value is not None:
                tables[key] = value
        parts[entity] = tables
    parts["apps"].setdefault("default", MetaApp(id="default"))
    names = main.convert(main.document.get("names", {}), Words, ("names",)) or {}
    return Organisation(names=names, flows={name: file.document for name, file in files.items()}, **parts)


def _prepared(main: FolderFile, entity: str, key: str, table: Mapping[str, Any]) -> dict[str, Any]:
    """What people write in a handier form than the rules keep."""
    prepared = dict(table)
    if entity == "calendars" and isinstance(table.get("hours"), Mapping):
        try:
            prepared["hours"] = spans(table["hours"])
        except ValueError as error:
            day, what = error.args
            main.refuse((entity, key, "hours", day), what)
            prepared["hours"] = ()
    if entity == "users" and table.get("role") != Role.ADVISOR:
        prepared.setdefault("capacity", 0)
    return prepared


def _check_flow(file: FolderFile, channels: set[Channel]) -> None:
    if file.problems:
        return
    steps: dict[str, Step] = {}
    for name, table in file.table("steps").items():
        step = file.convert(table, Step, ("steps", name))  # type: ignore[arg-type]
        if step is not None:
            steps[name] = step
    document = file.convert({**file.document, "steps": {}}, FlowDocument, ())
    if file.problems or document is None:
        return
    for path, what in flow_check.problems(msgspec.structs.replace(document, steps=steps), channels):
        file.refuse(path, what)


def _channels(organisation: Organisation, flow: str) -> set[Channel]:
    """Where the bot talks; everywhere while no sector uses it yet."""
    sectors = {each.id for each in organisation.sectors.values() if each.flow == flow}
    return {each.channel for each in organisation.inboxes.values() if each.sector in sectors} or set(Channel)
