"""Every failure as problem+json (RFC 9457), or as a page for whoever opened an address in the browser."""

import re
import traceback
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import asyncpg
import msgspec
import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException, InternalServerException
from litestar.response import Redirect

from server.domain import errors
from server.store.pool import AWAY
from server.web import i18n
from server.web.rendering import error_page, language_of, redirect
from server.web.security import nonce


def _(text: str) -> str:
    """Marks a text for the catalogue."""
    return text


# The one table: failure → kind, status, title. The first that fits counts, so the particular comes before the general.
_TABLE: tuple[tuple[type[errors.MajlisError], str, int, str], ...] = (
    (errors.Unauthenticated, "unauthenticated", 401, _("Not signed in")),
    (errors.Forbidden, "forbidden", 403, _("Not allowed")),
    (errors.NotFound, "not-found", 404, _("Not found")),
    (errors.OfferGone, "offer-gone", 409, _("The offer is gone")),
    (errors.AtCapacity, "at-capacity", 409, _("No free place")),
    (errors.StaleReply, "stale-reply", 409, _("Something changed")),
    (errors.WindowClosed, "window-closed", 409, _("The 24-hour window is closed")),
    (errors.Conflict, "conflict", 409, _("Something changed")),
    (errors.Invalid, "invalid", 422, _("Not valid")),
    (errors.TooLarge, "too-large", 413, _("Too large")),
    (errors.TooMany, "too-many", 429, _("Too many attempts")),
    (errors.Unavailable, "unavailable", 503, _("Out of reach for a moment")),
    (errors.LeaseLost, "unavailable", 503, _("Out of reach for a moment")),
)
_AWAY = errors.Unavailable("The database is out of reach for a moment.", retry_after_seconds=2)

# A deadlock or a failed serialisation: nothing was changed, and the same again will do.
_IN_EACH_OTHERS_WAY = errors.Unavailable("Something else came in between. Try again.", retry_after_seconds=1)

# How msgspec names a field that is not there.
_MISSING = re.compile(r"missing required field `(\w+)`")

_log = structlog.get_logger()


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    kind: str
    status: int
    title: str
    detail: str
    # One for each field that is wrong.
    errors: list[dict[str, str]] = []
    # What stands in the places of the texts.
    values: dict[str, str] = {}
    extra: dict[str, Any] = {}


def answer(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """The handler for every exception of every route."""
    problem = problem_of(error)
    if problem.status >= 500 and not _has_left(error) and problem.kind != "unavailable":
        _log_unexpected(request, error)
    if _wants_page(request):
        return _page(request, problem)
    return problem_response(request, problem)


def problem_of(error: Exception) -> Problem:
    if isinstance(error, AWAY):
        error = _AWAY
    elif isinstance(error, asyncpg.TransactionRollbackError):
        error = _IN_EACH_OTHERS_WAY
    if isinstance(error, errors.MajlisError):
        return _of_domain(error)
    if isinstance(error, HTTPException):
        return _of_request(error)
    if isinstance(error, RecursionError | asyncpg.DataError):
        # Nested beyond reason, or a value PostgreSQL does not hold: whatever checks are missing, it is the caller's.
        return Problem(kind="invalid", status=400, title=_("Not valid"), detail=_("Some values are not valid."))
    return Problem(
        kind="unexpected", status=500, title=_("Something went wrong"),
        detail=_("Something went wrong on our side. Nothing was changed by this request."),
    )  # fmt: skip


def problem_response(request: Request[Any, Any, Any], problem: Problem) -> Response[dict[str, Any]]:
    text = i18n.catalogue(language_of(request, _language(request))).gettext
    body: dict[str, Any] = {
        "type": f"/problems/{problem.kind}", "title": text(problem.title), "status": problem.status,
        "detail": text(problem.detail, **problem.values),
    }  # fmt: skip
    if problem.errors:
        body["errors"] = [each | {"detail": text(each["detail"], **problem.values)} for each in problem.errors]
    headers = {}
    if "retry_after_seconds" in problem.extra:
        headers["Retry-After"] = str(problem.extra["retry_after_seconds"])
    return Response(problem.extra | body, status_code=problem.status, headers=headers,
                    media_type="application/problem+json")  # fmt: skip


def _of_domain(error: errors.MajlisError) -> Problem:
    kind, status, title = next(
        ((kind, status, title) for known, kind, status, title in _TABLE if isinstance(error, known)),
        ("unexpected", 500, "Something went wrong"),
    )
    extra = dict(error.extra)
    if status == 503:
        extra.setdefault("retry_after_seconds", 2)
    field = extra.pop("field", None)
    wrong = [{"field": str(field), "detail": error.detail}] if field is not None else []
    given = extra.pop("values", None)
    values = {name: str(value) for name, value in given.items()} if isinstance(given, dict) else {}
    return Problem(kind=kind, status=status, title=title, detail=error.detail, errors=wrong, values=values, extra=extra)


def _of_request(error: HTTPException) -> Problem:
    """What the framework refused: an unknown address, a wrong method, a body or parameter that does not fit."""
    found = error.extra if isinstance(error.extra, list) else []
    wrong = [_field(each) for each in found if isinstance(each, dict)]
    status = error.status_code
    kind = {400: "invalid", 404: "not-found", 405: "method-not-allowed", 413: "too-large"}.get(status, "refused")
    if status == 400:
        return Problem(
            kind=kind, status=400, title=_("Not valid"), detail=_("Some values are not valid."), errors=wrong
        )
    known = HTTPStatus(status)
    return Problem(kind=kind, status=status, title=known.phrase, detail=known.description or known.phrase)


def _field(found: dict[str, Any]) -> dict[str, str]:
    words = str(found.get("message", ""))
    missing = _MISSING.search(words)
    return {"field": missing[1] if missing else str(found.get("key") or found.get("source") or ""), "detail": words}


def _page(request: Request[Any, Any, Any], problem: Problem) -> Response[Any] | Redirect:
    if problem.status == 401:
        here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return redirect("/sign-in" if here == "/" else f"/sign-in?next={quote(here, safe='/')}")
    nonce(request.scope)
    text = i18n.catalogue(language_of(request, _language(request))).gettext
    return error_page(request, problem.status, text(problem.detail, **problem.values))


def _wants_page(request: Request[Any, Any, Any]) -> bool:
    accepts = request.headers.get("accept", "")
    return "text/html" in accepts and not request.url.path.startswith("/api/")


def _language(request: Request[Any, Any, Any]) -> str | None:
    viewer = request.scope.get("user")
    return viewer.language if viewer is not None else None


def _has_left(error: Exception) -> bool:
    """The browser went away while it sent its request: nobody is there to be answered."""
    # The framework has no type of its own for it.
    return isinstance(error, InternalServerException) and error.detail == "client disconnected prematurely"


def _log_unexpected(request: Request[Any, Any, Any], error: Exception) -> None:
    # Where, not what: an exception may repeat a customer's words, a path a one-time token.
    frames = traceback.format_tb(error.__traceback__)
    route = request.scope.get("path_template", "")
    _log.error("request_failed", route=route, error=type(error).__name__, trace="".join(frames[-6:]))
