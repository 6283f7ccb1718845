"""The signed-in person: their start, presence, preferences and sessions."""

from typing import Any

import msgspec
from litestar import Request, delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from server.actions import people_settings, presence, sessions
from server.actions.sessions import Authenticated
from server.web import snapshots, wire
from server.web.commands import ChangeMe, SetPresence
from server.web.parameters import Asker, Ours, PathId
from server.web.security import client_address


@get("/api/inbox")
async def inbox(services: Ours, who: NamedDependency[Authenticated]) -> wire.Inbox:
    """What I hold and what I am offered, with the cursor from which to catch up."""
    return await snapshots.inbox(services, who)


@get("/api/me")
async def me(services: Ours, who: NamedDependency[Authenticated]) -> wire.Me:
    """The person, their rights and this session's CSRF token."""
    return await snapshots.me(services, who)


@patch("/api/me")
async def change_me(
    request: Request[Any, Any, Any], data: JSONBody[ChangeMe], services: Ours, who: NamedDependency[Authenticated]
) -> wire.Me:
    """Language and preferences as given; a new password ends the person's other sessions."""
    if data.new_password is not None:
        await sessions.change_password(
            services, who, data.current_password, data.new_password, address=client_address(request.scope)
        )
    viewer = await people_settings.change(
        services, who.viewer, language=data.language, preferences=data.given_preferences()
    )
    return await snapshots.me(services, msgspec.structs.replace(who, viewer=viewer))


@post("/api/me/presence", status_code=200)
async def set_presence(data: JSONBody[SetPresence], services: Ours, who: NamedDependency[Authenticated]) -> wire.Me:
    """Online, away, wrapping up or offline; only who is online is offered conversations."""
    await presence.set_presence(services, who.viewer, data.presence)
    return await snapshots.me(services, who)


@get("/api/me/sessions")
async def own_sessions(services: Ours, who: NamedDependency[Authenticated]) -> wire.Sessions:
    """Where the person is signed in."""
    found = await sessions.list_sessions(services, who.viewer)
    return wire.Sessions(sessions=[
        wire.Session(
            id=each.id, created_at=each.created_at, seen_at=each.seen_at, expires_at=each.expires_at,
            user_agent=each.user_agent, address=each.address, current=each.id == who.session_id,
        )
        for each in found
    ])  # fmt: skip


@delete("/api/me/sessions/{session_id:int}")
async def end_session(session_id: PathId, services: Ours, viewer: Asker) -> None:
    """Ends one of one's own sessions; its sockets are cut within seconds."""
    await sessions.revoke(services, viewer, session_id)
