"""Connections to the outside that cannot be led inside."""

import socket

from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver

from server.domain.media_hosts import MediaHosts, is_public


class PrivateAddress(OSError):
    """A public name that leads inside: what a stranger's address would use us for."""


class GuardedResolver(AbstractResolver):
    """Names the addresses a connection is really made to, and lets through only public ones."""

    def __init__(self, hosts: MediaHosts) -> None:
        self._hosts = hosts
        self._resolver = ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found = await self._resolver.resolve(host, port, family)
        if self._hosts.lists_exactly(host, port):
            return found
        if not all(is_public(each["host"]) for each in found):
            raise PrivateAddress("the name leads to a private address")
        return found

    async def close(self) -> None:
        await self._resolver.close()
