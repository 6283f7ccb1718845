"""Turns one variable's text into its value. Each raises `ValueError` with words that follow the variable's name."""

import ipaddress
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from cryptography.fernet import Fernet

from server.domain import media_hosts as domain_hosts

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def url(*schemes: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text.partition(":")[0].lower() not in schemes:
            raise ValueError(f"must begin with {' or '.join(f'{scheme}://' for scheme in schemes)}")
        if _parts(text) is None:
            raise ValueError("must have a number for its port, and what is special in its password percent-encoded")
        return text

    return parse


def origin(text: str) -> str:
    text = text.rstrip("/")
    parts = _parts(text)
    if parts is None or not _is_web(parts) or parts.path or parts.query or "@" in parts.netloc:
        raise ValueError("must be like https://majlis.example: scheme and host, nothing after them")
    return text


def base_url(text: str) -> str:
    parts = _parts(text)
    if parts is None or not _is_web(parts) or parts.query:
        raise ValueError("must be an http or https address")
    return text.rstrip("/")


def port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65_535:
        raise ValueError("must be a number from 0 to 65535 (0: any free port)")
    return int(text)


def networks(text: str) -> tuple[Network, ...]:
    try:
        return tuple(ipaddress.ip_network(each) for each in several(text))
    except ValueError:
        raise ValueError("must be addresses or networks such as 10.0.0.0/8, separated by commas") from None


def graph_version(text: str) -> str:
    if not re.fullmatch(r"v\d{2}\.\d", text):
        raise ValueError("must be like v26.0")
    return text


def keys(text: str) -> tuple[str, ...]:
    given = listed(text)
    for key in given or ("",):
        try:
            Fernet(key)
        except ValueError:
            raise ValueError("must be keys made by `majlis key`, separated by commas") from None
    return given


def several(text: str) -> tuple[str, ...]:
    given = listed(text)
    if not given:
        raise ValueError("must hold something between its commas")
    return given


def listed(text: str) -> tuple[str, ...]:
    return tuple(part for part in (each.strip() for each in text.split(",")) if part)


def media_hosts(text: str) -> tuple[str, ...]:
    given = several(text)
    domain_hosts.media_hosts(given)
    return given


def files_place(text: str) -> str:
    """A folder, or s3://bucket/prefix."""
    if "://" not in text:
        return text
    parts = _parts(text)
    if parts is None or parts.scheme != "s3" or not parts.netloc or parts.query or "@" in parts.netloc:
        raise ValueError("must be a folder, or a bucket such as s3://majlis-files/prefix")
    return text.rstrip("/")


def organisation_folder(text: str) -> Path:
    folder = Path(text)
    if not (folder / "org.toml").is_file():
        raise ValueError("must be a folder that holds org.toml")
    return folder


def _is_web(parts: SplitResult) -> bool:
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def _parts(text: str) -> SplitResult | None:
    """None where a bracket or a port makes it no address. One of PostgreSQL may name several places."""
    try:
        parts = urlsplit(text)
        for place in parts.netloc.rpartition("@")[2].split(","):
            _ = urlsplit(f"//{place}").port
    except ValueError:
        return None
    return parts
