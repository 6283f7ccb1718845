"""This process's open sockets, whose they are, and the rooms they are in."""

from collections import defaultdict
from collections.abc import Iterable

import msgspec

from server.domain.access import Viewer
from server.realtime import rooms
from server.telemetry import SOCKETS


class Socket(msgspec.Struct, eq=False):
    sid: str
    session_id: int
    viewer: Viewer
    watching: set[int]
    typed_at: float = 0.0
    # When the customer of a conversation was last told of it.
    signed_at: dict[int, float] = msgspec.field(default_factory=dict)


class Sockets:
    """A viewer whose rights change is put into their new rooms by `change`."""

    def __init__(self) -> None:
        self._sockets: dict[str, Socket] = {}
        self._rooms: dict[str, set[str]] = defaultdict(set)

    def __len__(self) -> int:
        return len(self._sockets)

    def get(self, sid: str) -> Socket | None:
        return self._sockets.get(sid)

    def all(self) -> list[Socket]:
        return list(self._sockets.values())

    def add(self, sid: str, session_id: int, viewer: Viewer) -> Socket:
        socket = Socket(sid, session_id, viewer, set())
        self._sockets[sid] = socket
        self._enter(socket)
        SOCKETS.set(len(self._sockets))
        return socket

    def remove(self, sid: str) -> Socket | None:
        socket = self._sockets.pop(sid, None)
        if socket is not None:
            self._leave(socket)
            SOCKETS.set(len(self._sockets))
        return socket

    def change(self, socket: Socket, viewer: Viewer) -> None:
        self._leave(socket)
        socket.viewer = viewer
        self._enter(socket)

    def watch(self, socket: Socket, conversation_id: int) -> None:
        socket.watching.add(conversation_id)
        self._rooms[rooms.conversation(conversation_id)].add(socket.sid)

    def unwatch(self, socket: Socket, conversation_id: int) -> None:
        socket.watching.discard(conversation_id)
        self._drop(rooms.conversation(conversation_id), socket.sid)

    def within(self, names: Iterable[str]) -> list[Socket]:
        """The sockets in any of these rooms, each once."""
        sids = {sid for name in names for sid in self._rooms.get(name, ())}
        return [socket for sid in sids if (socket := self._sockets.get(sid)) is not None]

    def _enter(self, socket: Socket) -> None:
        for name in self._names(socket):
            self._rooms[name].add(socket.sid)

    def _leave(self, socket: Socket) -> None:
        for name in self._names(socket):
            self._drop(name, socket.sid)

    def _drop(self, name: str, sid: str) -> None:
        members = self._rooms.get(name)
        if members is not None:
            members.discard(sid)
            if not members:
                del self._rooms[name]

    def _names(self, socket: Socket) -> Iterable[str]:
        yield from rooms.of_viewer(socket.viewer)
        for conversation_id in socket.watching:
            yield rooms.conversation(conversation_id)
