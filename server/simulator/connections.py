"""Cutting a caller's connection, as a network does: uvicorn itself offers no way."""

import asyncio
from typing import Any

from litestar import Request
from uvicorn.protocols.http.auto import AutoHTTPProtocol

_open: dict[tuple[str, int], asyncio.Transport] = {}


def cut(request: Request[Any, Any, Any]) -> bool:
    """Ends the caller's connection at once; False where another server than `serving.running` took it."""
    client = request.client
    transport = _open.get((client.host, client.port)) if client is not None else None
    if transport is None:
        return False
    transport.abort()
    return True


class Cuttable(AutoHTTPProtocol):  # type: ignore[misc, valid-type]
    """Remembers the connection of each caller by its address."""

    def connection_made(self, transport: asyncio.Transport) -> None:
        self._caller = transport.get_extra_info("peername")
        if self._caller:
            _open[self._caller[:2]] = transport
        super().connection_made(transport)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._caller:
            _open.pop(self._caller[:2], None)
        super().connection_lost(exc)
