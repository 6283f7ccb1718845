"""A call to the Graph API: its version, node, body and token."""

import json
import re
from typing import Any
from urllib.parse import parse_qsl

from litestar import Request
from litestar.datastructures import UploadFile

from server.simulator.graph import refusals
from server.simulator.graph.refusals import Refusal

VERSION = re.compile(r"v(\d+)\.\d+")
# v20.0 ended in September 2026.
OLDEST = 21

AnyRequest = Request[Any, Any, Any]


class Upload:
    """A file of a multipart body."""

    def __init__(self, data: bytes, mime_type: str, name: str) -> None:
        self.data = data
        self.mime_type = mime_type
        self.name = name


def check_version(request: AnyRequest) -> None:
    version = str(request.path_params["version"])
    if (match := VERSION.fullmatch(version)) is None:
        raise Refusal(400, 2500, f"Unknown path components: /{version}")
    if int(match[1]) < OLDEST:
        raise refusals.old_version(version)


def node_of(request: AnyRequest) -> str:
    return str(request.path_params["node"])


async def body_of(request: AnyRequest) -> dict[str, Any]:
    """JSON or a form; files of a multipart form are `Upload`s. Raises `Refusal`."""
    kind = request.headers.get("content-type", "")
    if kind.startswith("multipart/form-data"):
        return await _multipart(request)
    raw = await request.body()
    if kind.startswith("application/x-www-form-urlencoded"):
        return {name: _form_value(value) for name, value in parse_qsl(raw.decode(errors="replace"))}
    try:
        body = json.loads(raw) if raw else {}
    except (ValueError, RecursionError):
        raise refusals.bad_json() from None
    if not isinstance(body, dict):
        raise refusals.bad_json()
    return body


def token_of(request: AnyRequest, body: dict[str, Any] | None = None, *, header_only: bool = False) -> str | None:
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    if kind.lower() in ("bearer", "oauth") and token.strip():
        return str(token.strip())
    return None if header_only else _parameter(request, body, "access_token")


def proof_of(request: AnyRequest, body: dict[str, Any] | None = None) -> str | None:
    return _parameter(request, body, "appsecret_proof")


async def _multipart(request: AnyRequest) -> dict[str, Any]:
    form = await request.form()
    body: dict[str, Any] = {}
    for name, value in form.multi_items():
        if isinstance(value, UploadFile):
            body[name] = Upload(await value.read(), value.content_type or "", value.filename or "")
        else:
            body[name] = _form_value(str(value))
    return body


def _form_value(value: str) -> Any:
    try:
        return json.loads(value) if value[:1] in ("{", "[") else value
    except ValueError:
        return value


def _parameter(request: AnyRequest, body: dict[str, Any] | None, name: str) -> str | None:
    value = request.query_params.get(name) or (body or {}).get(name)
    return str(value) if value else None
