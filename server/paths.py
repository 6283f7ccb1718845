"""Where the files beside the code are: in a checkout at its top, in an installed package under `server/_data`."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_SHIPPED = _PACKAGE / "_data"
_TOP = _SHIPPED if _SHIPPED.is_dir() else _PACKAGE.parent

STATIC = _TOP / "static"
TEMPLATES = _TOP / "templates"
MIGRATIONS = _TOP / "migrations"
LOCALE = _PACKAGE / "locale"
DEMO_ORGANISATION = _PACKAGE / "demo"
