"""From where files may be fetched: whose name, and at which addresses that name may lie."""

import ipaddress
import re
from collections.abc import Sequence
from urllib.parse import urlsplit

import msgspec

from server.domain.media import NotTaken, Trouble

_NAME = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?", re.IGNORECASE)
_PORTS = {"https": 443, "http": 80}
_EXPECTED = "must be names such as fbcdn.net, or exact origins such as http://127.0.0.1:8100"


class MediaHosts(msgspec.Struct, frozen=True):
    """`names`: hosts and whatever lies below them, by https at its own port, at public addresses only.

    `origins`: exactly these, such as http://127.0.0.1:8100; only they may lie at private addresses. For the demo and
    tests.
    """

    names: tuple[str, ...]
    origins: frozenset[str]

    def expect(self, address: str) -> None:
        """Raises `NotTaken` for an address nothing may be fetched from."""
        try:
            parts = urlsplit(address)
            origin = _origin(parts.scheme, parts.hostname or "", parts.port)
        except ValueError:
            raise NotTaken(Trouble.UNSAFE_ADDRESS, "no address") from None
        if parts.username is not None or parts.password is not None:
            raise NotTaken(Trouble.UNSAFE_ADDRESS, "credentials in the address")
        if origin in self.origins:
            return
        host = (parts.hostname or "").lower()
        # Of letters only: what one reader of addresses takes for part of a name ends it for another.
        known = _NAME.fullmatch(host) and any(host == name or host.endswith(f".{name}") for name in self.names)
        if parts.scheme != "https" or (parts.port or 443) != 443 or not known:
            raise NotTaken(Trouble.UNSAFE_ADDRESS, "not one of META_MEDIA_HOSTS")

    def lists_exactly(self, host: str, port: int) -> bool:
        return any(_origin(scheme, host, port) in self.origins for scheme in _PORTS)


def media_hosts(given: Sequence[str]) -> MediaHosts:
    """From the setting: names of hosts, or origins with a scheme. Raises `ValueError`."""
    names, origins = [], set()
    for each in given:
        if "://" not in each:
            if not _NAME.fullmatch(each) or _is_address(each):
                raise ValueError(_EXPECTED)
            names.append(each.lower())
            continue
        origins.add(_exactly(each))
    return MediaHosts(tuple(names), frozenset(origins))


def is_public(address: str) -> bool:
    """Also not by way of an address inside another: mapped, translated or tunnelled IPv4."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo[1] if found.teredo else None)
        if inner is None and found in _TRANSLATED:
            inner = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    return found.is_global and not found.is_multicast and not found.is_reserved


def _exactly(text: str) -> str:
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise ValueError(_EXPECTED) from None
    if parts.scheme not in _PORTS or not parts.hostname or parts.path.strip("/") or parts.query or "@" in text:
        raise ValueError(_EXPECTED)
    return _origin(parts.scheme, parts.hostname, port)


_TRANSLATED = ipaddress.ip_network("64:ff9b::/96")


def _origin(scheme: str, host: str, port: int | None) -> str:
    return f"{scheme}://{host.lower()}:{port or _PORTS.get(scheme, 0)}"


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
