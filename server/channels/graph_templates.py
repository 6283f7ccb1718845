"""Reads an account's message templates from the Graph API. Facts §9."""

from collections.abc import Iterator

import msgspec

from server.channels import clean
from server.channels.fields import Json, mapping, objects, text
from server.channels.graph import GraphClient
from server.channels.graph_errors import read_error
from server.domain.model import Channel
from server.domain.organisation import Inbox
from server.domain.templates import Listed

# What a Page's templates have beyond these nobody wrote down, and one field that is not there fails the whole call.
_FIELDS = "id,name,language,status,category,components"
_WHATSAPP_FIELDS = f"{_FIELDS},quality_score,rejected_reason"
_PAGE = "100"
# An account holds 6,000 at most.
_MOST_PAGES = 100
# The list moved under its cursor: it begins again.
_BAD_CURSOR = 131059
_RESTARTS = 3


class Trouble(msgspec.Struct, frozen=True):
    """Why there is no list, for engineers."""

    reason: str


async def read_all(
    graph: GraphClient, inbox: Inbox, account: str, token: str, *, app_secret: str | None = None
) -> list[Listed] | Trouble:
    """Every template of the account, or why not; never half of them. Raises nothing but cancellation."""
    trouble = Trouble("the cursor went bad again and again")
    for _ in range(_RESTARTS):
        found = await _read_once(graph, inbox, account, token, app_secret)
        if found is not None:
            return found
    return trouble


async def _read_once(
    graph: GraphClient, inbox: Inbox, account: str, token: str, app_secret: str | None
) -> list[Listed] | Trouble | None:
    found: list[Listed] = []
    after = ""
    fields = _WHATSAPP_FIELDS if inbox.channel is Channel.WHATSAPP else _FIELDS
    for _ in range(_MOST_PAGES):
        parameters = {"fields": fields, "limit": _PAGE} | ({"after": after} if after else {})
        answer = await graph.get(inbox, token, f"{account}/message_templates", parameters, app_secret=app_secret)
        if not answer.good:
            failure = read_error(answer.body)
            if failure is not None and failure.code == _BAD_CURSOR:
                return None
            return Trouble(f"{failure.code}: {failure.title}" if failure else f"HTTP {answer.status}")
        page = _load(answer.body)
        if page is None:
            return Trouble("an answer that is no list")
        found += _listed(page)
        paging = mapping(page, "paging")
        after = text(mapping(paging, "cursors"), "after")
        if not after or not text(paging, "next"):
            return found
    return Trouble("the list does not end")


def _load(body: bytes) -> Json | None:
    try:
        page = clean.load(body)
    except clean.Unparsable:
        return None
    return page if isinstance(page, dict) and isinstance(page.get("data"), list) else None


def _listed(page: Json) -> Iterator[Listed]:
    for each in objects(page, "data"):
        name, language = text(each, "name"), text(each, "language")
        if name and language:
            yield Listed(
                name=name, language=language, provider_id=text(each, "id"), status=_word(each, "status"),
                category=_word(each, "category"), reason=_reason(text(each, "rejected_reason")),
                quality=_word(mapping(each, "quality_score"), "score") or "unknown",
                components=objects(each, "components"),
            )  # fmt: skip


def _word(parent: Json, name: str) -> str:
    return text(parent, name).lower()


def _reason(said: str) -> str:
    return "" if said.upper() == "NONE" else said
