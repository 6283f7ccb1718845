"""Bytes from the addresses that messages name, which may be anybody's: only from hosts we know, and public ones."""

from collections.abc import Awaitable, Callable
from urllib.parse import urljoin, urlsplit

import aiohttp

from server.channels.guarded import GuardedResolver, PrivateAddress
from server.domain.media import NotTaken, Trouble
from server.domain.media_hosts import MediaHosts

PIECE = 64 * 1024
_REDIRECTS = 3
_TROUBLES = {401: Trouble.NO_ACCESS, 403: Trouble.NO_ACCESS, 404: Trouble.GONE, 410: Trouble.GONE}

Sink = Callable[[bytes], Awaitable[None]]


class Downloads:
    """Between `open` and `close`."""

    def __init__(self, hosts: MediaHosts, most_bytes: int, timeout: aiohttp.ClientTimeout) -> None:
        self._hosts = hosts
        self._most = most_bytes
        self._timeout = timeout
        self._session: aiohttp.ClientSession | None = None

    async def open(self) -> None:
        self._session = aiohttp.ClientSession(
            timeout=self._timeout, cookie_jar=aiohttp.DummyCookieJar(), auto_decompress=False,
            # Every connection looks its address up: what was public a minute ago need not be now.
            connector=aiohttp.TCPConnector(resolver=GuardedResolver(self._hosts), use_dns_cache=False),
            headers={"Accept-Encoding": "identity"},
        )  # fmt: skip

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def take(self, address: str, token: str | None, sink: Sink) -> str | None:
        """Hands the bytes to the sink; returns the type the answer claims.

        Raises `NotTaken`, and what the sink raises.
        """
        assert self._session is not None, "open it first"  # noqa: S101
        self._hosts.expect(address)
        first = _host(address)
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        for _ in range(_REDIRECTS):
            try:
                async with self._session.get(address, headers=headers, allow_redirects=False) as response:
                    if response.status not in (301, 302, 303, 307, 308):
                        return await self._read(response, sink)
                    address = urljoin(address, response.headers.get("Location", ""))
            except PrivateAddress as error:
                raise NotTaken(Trouble.UNSAFE_ADDRESS, "private address") from error
            except aiohttp.ClientConnectorError as error:
                inner = isinstance(error.__cause__, PrivateAddress) or isinstance(error.os_error, PrivateAddress)
                trouble = Trouble.UNSAFE_ADDRESS if inner else Trouble.UNREACHABLE
                raise NotTaken(trouble, type(error).__name__) from error
            except (aiohttp.ClientError, TimeoutError) as error:
                raise NotTaken(Trouble.UNREACHABLE, type(error).__name__) from error
            if _host(address) != first:
                raise NotTaken(Trouble.UNSAFE_ADDRESS, "redirected to another host")
            self._hosts.expect(address)
        raise NotTaken(Trouble.UNSAFE_ADDRESS, "redirected in circles")

    async def _read(self, response: aiohttp.ClientResponse, sink: Sink) -> str | None:
        if response.status != 200:
            raise NotTaken(_TROUBLES.get(response.status, Trouble.UNREACHABLE), f"HTTP {response.status}")
        if (response.content_length or 0) > self._most:
            raise NotTaken(Trouble.TOO_LARGE, "by its length")
        size = 0
        async for piece in response.content.iter_chunked(PIECE):
            size += len(piece)
            if size > self._most:
                raise NotTaken(Trouble.TOO_LARGE, "while it came")
            await sink(piece)
        if size == 0:
            raise NotTaken(Trouble.EMPTY)
        return response.headers.get("Content-Type")


def _host(address: str) -> tuple[str, str, int | None]:
    try:
        parts = urlsplit(address)
        return parts.scheme, parts.hostname or "", parts.port
    except ValueError:
        raise NotTaken(Trouble.UNSAFE_ADDRESS, "no address") from None
