"""Jinja pages in the reader's language. Nothing inline but data blocks and the import map, which carry the nonce."""

from functools import cache
from pathlib import Path
from typing import Any

import msgspec
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from litestar import MediaType, Request, Response
from litestar.response import Redirect
from markupsafe import Markup

from server import paths
from server.web import i18n
from server.web.assets import assets

AnyRequest = Request[Any, Any, Any]

_NO_STORE = {"Cache-Control": "no-store"}


@cache
def environment(folder: Path = paths.TEMPLATES) -> Environment:
    made = Environment(
        loader=FileSystemLoader(folder), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    made.filters["json_data"] = json_data
    made.globals["languages"] = i18n.LANGUAGES
    made.globals["assets"] = assets()
    return made


def render(name: str, *, language: str, nonce: str, csrf_token: str = "", theme: str = "", **context: Any) -> str:
    """The page as text. `page_data`, when given, is the snapshot the scripts start from."""
    catalogue = i18n.catalogue(language)
    context = {"me": None, "place": "", "page_data": None} | context
    return environment().get_template(name).render(
        _=catalogue.gettext, ngettext=catalogue.ngettext, catalogue=catalogue, language=catalogue.language,
        dir=catalogue.dir, nonce=nonce, csrf_token=csrf_token, theme=theme, **context,
    )  # fmt: skip


def page(
    request: AnyRequest, name: str, *, status: int = 200, page_data: dict[str, Any] | None = None, **context: Any
) -> Response[str]:
    """The page for this request, in the person's language and theme, else the browser's.

    A signed-in page brings `page_data["inbox"]`: the person is in it.
    """
    data = msgspec.to_builtins(page_data)
    me = data["inbox"]["me"] if data else None
    theme = me["preferences"].get("theme", "") if me else ""
    text = render(
        name,
        language=language_of(request, me["language"] if me else None),
        nonce=getattr(request.state, "csp_nonce", ""),
        csrf_token=me["csrf_token"] if me else "",
        theme=theme,
        address=request.url.path,
        me=me,
        page_data=data,
        **context,
    )
    return Response(text, media_type=MediaType.HTML, status_code=status, headers=_NO_STORE)


def error_page(request: AnyRequest, status: int, detail: str = "") -> Response[str]:
    """What happened, what is safe and what to do, for somebody who opened an address in the browser."""
    response = page(request, "error.html", status=status, error_status=status, detail=detail)
    if status == 503:
        response.headers["Retry-After"] = "5"
    return response


def language_of(request: AnyRequest, wish: str | None = None) -> str:
    return i18n.choose(
        wish, request.query_params.get("language"), accept_language=request.headers.get("accept-language", "")
    )


def redirect(path: str) -> Redirect:
    return Redirect(path, status_code=303, headers=_NO_STORE)


def json_data(value: object) -> Markup:
    """JSON for a data block: no character that could end the block or open a comment."""
    text = msgspec.json.encode(value).decode()
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))  # noqa: S704
