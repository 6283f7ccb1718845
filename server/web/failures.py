"""Why Meta refused a message, in words, with what may help."""

from typing import Any

from server.web import wire
from server.web.i18n import Catalogue


def told(failure: dict[str, Any], catalogue: Catalogue) -> wire.Failure:
    return wire.Failure(
        code=failure.get("code"), title=str(failure.get("title") or ""),
        words=catalogue.gettext("The message could not be delivered."), act="none",
    )  # fmt: skip
