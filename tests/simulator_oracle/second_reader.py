"""pywa, written by other people from Meta's own documents: reads what the simulator says, and sends to it."""

import asyncio
import logging
from collections.abc import Callable, Iterator
from typing import Any

import httpx
from pywa import handlers
from pywa.client import WhatsApp


class SecondReader:
    """What pywa made of a webhook: its own update, and what it complained of."""

    def __init__(self, **more: Any) -> None:
        self.updates: list[Any] = []
        self.complaints: list[str] = []
        # Everything, also what is twice the same.
        self.client = WhatsApp(server=None, filter_updates=False, skip_duplicate_updates=False, **more)
        for kind in set(_every(handlers.Handler)) - {handlers.RawUpdateHandler}:
            if not kind.__name__.startswith("_"):
                self.client.add_handlers(kind(self._keep))
        logger = logging.getLogger("pywa")
        logger.setLevel(logging.WARNING)
        logger.addHandler(_Complaints(self.complaints))

    def read(self, body: bytes) -> Any:
        """The one update in it."""
        self.updates.clear()
        self.complaints.clear()
        assert self.client.webhook_update_handler(body) == ("ok", 200)
        assert self.complaints == []
        [update] = self.updates
        return update

    def _keep(self, _: WhatsApp, update: Any) -> None:
        self.updates.append(update)


def session_at(url: str) -> httpx.Client:
    """What pywa sends to Meta goes there instead."""
    return httpx.Client(transport=_Elsewhere(url))


async def called(act: Callable[..., Any], *values: Any, **more: Any) -> Any:
    """pywa's client blocks; the simulator it talks to runs on this loop."""
    return await asyncio.to_thread(act, *values, **more)


class _Elsewhere(httpx.HTTPTransport):
    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = httpx.URL(url)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.url = request.url.copy_with(scheme=self._url.scheme, host=self._url.host, port=self._url.port)
        request.headers["host"] = f"{self._url.host}:{self._url.port}"
        return super().handle_request(request)


class _Complaints(logging.Handler):
    def __init__(self, kept: list[str]) -> None:
        super().__init__(level=logging.WARNING)
        self._kept = kept

    def emit(self, record: logging.LogRecord) -> None:
        self._kept.append(f"{record.getMessage()} {record.exc_info[1]!r}" if record.exc_info else record.getMessage())


def _every(kind: type[Any]) -> Iterator[type[Any]]:
    for each in kind.__subclasses__():
        yield each
        yield from _every(each)
