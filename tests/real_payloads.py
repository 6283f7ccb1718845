"""The payloads of tests/payloads, addressed to inboxes of the organisation tests run in."""

from collections.abc import Mapping
from pathlib import Path

from server.domain.model import Channel
from server.domain.organisation import Organisation

_FOLDER = Path(__file__).parent / "payloads"
# The account each channel's payloads were recorded at.
_RECORDED = {Channel.WHATSAPP: "700800900", Channel.MESSENGER: "500", Channel.INSTAGRAM: "17841400000000000"}


def read() -> dict[str, bytes]:
    return {path.stem: path.read_bytes() for path in sorted(_FOLDER.glob("*.json"))}


def at(body: bytes, accounts: Mapping[Channel, str]) -> bytes:
    """The body as if it had been sent to these accounts."""
    for channel, account in accounts.items():
        body = body.replace(f'"{_RECORDED[channel]}"'.encode(), f'"{account}"'.encode())
    return body


def accounts_of(organisation: Organisation, sector: str) -> dict[Channel, str]:
    return {each.channel: each.external_id for each in organisation.inboxes.values() if each.sector == sector}
