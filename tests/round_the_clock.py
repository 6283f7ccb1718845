"""The demo organisation with every calendar open day and night: no test depends on the hour at which it runs."""

import re
import shutil
from pathlib import Path

from server.domain.hours_text import WEEKDAYS
from server.paths import DEMO_ORGANISATION

_HOURS = re.compile(r'(?m)^(\[calendars\.[\w-]+\.hours\]\n)(?:\w+ = ".*"\n)+')
_HOLIDAYS = re.compile(r"(?m)^holidays = \[\n(?:.*\n)*?\]\n")
_ALWAYS = "".join(f'{day} = "00:00-24:00"\n' for day in WEEKDAYS)


def demo_organisation(folder: Path) -> Path:
    """A copy of the demo's folder, made as `folder`."""
    shutil.copytree(DEMO_ORGANISATION, folder)
    file = folder / "org.toml"
    text, calendars = _HOURS.subn(rf"\1{_ALWAYS}", _HOLIDAYS.sub("", file.read_text(encoding="utf-8")))
    assert calendars, "the demo organisation has no calendars of the known form"
    file.write_text(text, encoding="utf-8")
    return folder
