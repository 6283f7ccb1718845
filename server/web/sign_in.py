"""The doors in and out: forms, so that they work before any script runs."""

from typing import Annotated, Any

import msgspec
from litestar import Request, Response, post
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody

from server.actions import sessions
from server.actions.sessions import COOKIE, Authenticated
from server.domain.errors import MajlisError, NotFound, TooMany, Unauthenticated
from server.web import auth, i18n
from server.web.errors import problem_of
from server.web.parameters import Ours
from server.web.rendering import language_of, page, redirect
from server.web.security import Site

AnyRequest = Request[Any, Any, Any]


class Credentials(msgspec.Struct):
    email: Annotated[str, msgspec.Meta(max_length=300)] = ""
    password: Annotated[str, msgspec.Meta(max_length=1000)] = ""
    # The page that asked to sign in.
    next: Annotated[str, msgspec.Meta(max_length=2000)] = ""


class SignOutForm(msgspec.Struct):
    csrf_token: str = ""


@post("/sign-in", opt={"exclude_from_auth": True}, include_in_schema=False)
async def sign_in(
    request: AnyRequest, data: URLEncodedBody[Credentials], services: Ours, site: NamedDependency[Site]
) -> Response[Any]:
    """A wrong password shows the form again, with what to do."""
    email = data.email.replace("\x00", "")
    try:
        token = await sessions.sign_in(services, email, data.password, auth.browser(request))
    except (Unauthenticated, TooMany) as error:
        status = problem_of(error).status
        return page(request, "sign_in.html", status=status, problem=_words(request, error), signed_out=False,
                    email=email, next=own_path(data.next))  # fmt: skip
    return _let_in(token, site, own_path(data.next))


@post("/sign-in/link/{token:str}", opt={"exclude_from_auth": True}, include_in_schema=False)
async def sign_in_by_link(
    request: AnyRequest, token: FromPath[str], services: Ours, site: NamedDependency[Site]
) -> Response[Any]:
    """Only the button uses the link up: programs that look at addresses send no POST."""
    try:
        session_token = await sessions.sign_in_by_link(services, token, auth.browser(request))
    except NotFound as error:
        return page(request, "sign_in.html", status=404, problem=_words(request, error), signed_out=False,
                    email="", next="/")  # fmt: skip
    return _let_in(session_token, site, "/")


@post("/sign-out", opt={auth.CSRF_IN_FORM: True}, include_in_schema=False)
async def sign_out(
    request: AnyRequest, data: URLEncodedBody[SignOutForm], services: Ours,
    who: NamedDependency[Authenticated], site: NamedDependency[Site],
) -> Response[Any]:  # fmt: skip
    auth.check_csrf(who, data.csrf_token)
    await sessions.sign_out(services, request.cookies.get(COOKIE, ""))
    response = redirect("/sign-in?signed_out=1")
    response.cookies.append(auth.no_cookie(secure=site.secure))
    # Drafts and replies not sent yet must not wait for whoever sits here next. Browsers obey it over https and on the
    # machine itself; elsewhere settings.js has cleared it before the form was sent.
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


def own_path(path: str) -> str:
    """A path of ours to go on to; anything that could lead elsewhere becomes the start page."""
    plain = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
    return path if plain and "\\" not in path else "/"


def _let_in(token: str, site: Site, path: str) -> Response[Any]:
    response = redirect(path)
    response.cookies.append(auth.cookie(token, secure=site.secure))
    return response


def _words(request: AnyRequest, error: MajlisError) -> str:
    return i18n.catalogue(language_of(request)).gettext(error.detail)
