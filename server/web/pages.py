"""The pages. Each brings the snapshot its scripts start from, so that the first paint has content."""

from typing import Any

import msgspec
from litestar import Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath
from litestar.response import Redirect

from server.actions import sessions
from server.actions.unit import Services
from server.domain.access import Viewer, reads_every_conversation, sees_board, takes_conversations
from server.domain.errors import Forbidden
from server.store.sessions import SessionInfo
from server.web import boards, desk_lists, devices, snapshots, wire
from server.web.auth import SignedIn, signed_in
from server.web.parameters import Ours, PathId
from server.web.rendering import AnyRequest, page, redirect
from server.web.sign_in import own_path

Page = Response[str] | Redirect
_OPEN: dict[str, Any] = {"exclude_from_auth": True}


def page_handlers() -> list[HTTPRouteHandler]:
    return [show_sign_in, show_link, home, inbox, opened_inbox, desk, opened_desk, settings]


@get("/sign-in", opt=_OPEN, include_in_schema=False)
async def show_sign_in(request: AnyRequest) -> Page:
    after = own_path(request.query_params.get("next", ""))
    if await signed_in(request) is not None:
        return redirect(after)
    gone = "signed_out" in request.query_params
    return page(request, "sign_in.html", next=after, email="", signed_out=gone, problem="")


@get("/sign-in/link/{token:str}", opt=_OPEN, include_in_schema=False)
async def show_link(request: AnyRequest, token: FromPath[str]) -> Response[str]:
    # Nothing is looked up: programs that open every address they see must not use a link up.
    return page(request, "sign_in_link.html")


@get("/", include_in_schema=False)
async def home(request: SignedIn) -> Redirect:
    return redirect("/desk" if sees_board(request.user) else "/inbox")


@get("/inbox", include_in_schema=False)
async def inbox(request: SignedIn, services: Ours) -> Page:
    return await _inbox(request, services, None)


@get("/inbox/{conversation_id:int}", include_in_schema=False)
async def opened_inbox(request: SignedIn, services: Ours, conversation_id: PathId) -> Page:
    return await _inbox(request, services, await snapshots.thread(services, request.user, conversation_id))


@get("/desk", include_in_schema=False)
async def desk(request: SignedIn, services: Ours) -> Page:
    return await _desk(request, services, None)


@get("/desk/{conversation_id:int}", include_in_schema=False)
async def opened_desk(request: SignedIn, services: Ours, conversation_id: PathId) -> Page:
    if not reads_every_conversation(request.user):
        raise Forbidden("Your role sees the board, not the conversations.")
    return await _desk(request, services, await snapshots.thread(services, request.user, conversation_id))


@get("/settings", include_in_schema=False)
async def settings(request: SignedIn, services: Ours) -> Page:
    known = await sessions.list_sessions(services, request.user)
    return page(
        request, "settings.html", place="settings", page_data={"inbox": await snapshots.inbox(services, request.auth)},
        sessions=[_Device.of(each, request.auth.session_id) for each in known],
    )  # fmt: skip


async def _inbox(request: SignedIn, services: Services, thread: wire.Thread | None) -> Page:
    if not takes_conversations(request.user):
        return redirect("/")
    data = {"inbox": await snapshots.inbox(services, request.auth), "thread": thread}
    return page(request, "inbox.html", place="inbox", page_data=data)


async def _desk(request: SignedIn, services: Services, thread: wire.Thread | None) -> Page:
    data = {
        "inbox": await snapshots.inbox(services, request.auth), "board": await boards.read(services, request.user),
        "conversations": await _listed(request, services, request.user), "thread": thread,
    }  # fmt: skip
    return page(request, "desk.html", place="desk", page_data=data)


async def _listed(request: SignedIn, services: Services, viewer: Viewer) -> wire.ConversationPage | None:
    """What the address asks for; nothing for those who see the board without conversations."""
    if not reads_every_conversation(viewer):
        return None
    asked = {name: value for name, value in request.query_params.items() if name in ("sector", "queue") and value}
    view = request.query_params.get("view", "all")
    owner = request.query_params.get("owner", "")
    return await desk_lists.read(
        services, viewer, view=view if view in (*snapshots.VIEWS, desk_lists.OVERDUE) else "all",
        order="newest" if request.query_params.get("order") == "newest" else "due",
        owner=int(owner) if owner.isascii() and owner.isdigit() and len(owner) < 19 else None, **asked,
    )  # fmt: skip


class _Device(msgspec.Struct, frozen=True):
    """A session as its owner recognises it."""

    id: int
    current: bool
    seen_at: str
    address: str
    browser: str
    system: str
    icon: str

    @classmethod
    def of(cls, session: SessionInfo, current_id: int) -> "_Device":
        agent = session.user_agent
        return cls(
            session.id, session.id == current_id, session.seen_at.isoformat(timespec="seconds"), session.address,
            devices.browser_name(agent), devices.system_name(agent), devices.icon_of(agent),
        )  # fmt: skip
