"""Turns one variable's text into its value. Each raises `ValueError` with words that follow the variable's name."""

import ipaddress
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from cryptography.fernet import Fernet

from server.domain import media_hosts as domain_hosts

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def url(*schemes: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if urlsplit(text).scheme not in schemes:
            raise ValueError(f"must begin with {' or '.join(f'{scheme}://' for scheme in schemes)}")
        return text

    return parse


def origin(text: str) -> str:
    text = text.rstrip("/")
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.path or parts.query or "@" in parts.netloc:
        raise ValueError("must be like https://majlis.example: scheme and host, nothing after them")
    return text


def base_url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.query:
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
    given = several(text)
    for key in given:
        try:
            Fernet(key)
        except ValueError:
            raise ValueError("must be keys made by `majlis key`, separated by commas") from None
    return given


def several(text: str) -> tuple[str, ...]:
    return tuple(part for part in (each.strip() for each in text.split(",")) if part)


def media_hosts(text: str) -> tuple[str, ...]:
    given = several(text)
    domain_hosts.media_hosts(given)
    return given


def files_place(text: str) -> str:
    """A folder, or s3://bucket/prefix."""
    if "://" not in text:
        return text
    parts = urlsplit(text)
    if parts.scheme != "s3" or not parts.netloc or parts.query or "@" in parts.netloc:
        raise ValueError("must be a folder, or a bucket such as s3://majlis-files/prefix")
    return text.rstrip("/")


def organisation_folder(text: str) -> Path:
    folder = Path(text)
    if not (folder / "org.toml").is_file():
        raise ValueError("must be a folder that holds org.toml")
    return folder
