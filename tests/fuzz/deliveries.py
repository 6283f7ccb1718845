"""Damaged deliveries made of real ones, each with a healthy neighbour whose message must arrive all the same."""

import json
import random
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import msgspec
import real_payloads
from fuzz import mutations

from server.domain.organisation import Inbox, Organisation

_IDS = re.compile(rb'"((?:wamid\.|m_|ig_)[^"]*)"')
# Few enough that conversations have a past, many enough that they differ.
_PEOPLE = 300
_MIXED = 0.3


class Pair(msgspec.Struct, frozen=True):
    damaged: bytes
    # None when the neighbour rides inside the damaged body, as a further entry.
    neighbour: bytes | None
    neighbour_id: str


def pairs(organisation: Organisation, count: int, seed: int) -> Iterator[Pair]:
    """The same for the same seed."""
    dice = random.Random(seed)
    originals = list(real_payloads.read().values())
    accounts = [real_payloads.accounts_of(organisation, sector) for sector in sorted(organisation.sectors)]
    phones = [each for each in organisation.inboxes.values() if each.channel == "whatsapp"]
    for number in range(count):
        body = _fresh(real_payloads.at(dice.choice(originals), dice.choice(accounts)), number, dice)
        healthy = _healthy(dice.choice(phones), number, dice)
        neighbour_id = f"wamid.neighbour.{seed}.{number}"
        healthy["entry"][0]["changes"][0]["value"]["messages"][0]["id"] = neighbour_id
        if dice.random() < 0.5:
            yield Pair(mutations.of_bytes(body, dice), json.dumps(healthy).encode(), neighbour_id)
        elif dice.random() < _MIXED and (mixed := _mixed(json.loads(body), healthy, dice)):
            yield Pair(mixed, None, neighbour_id)
        else:
            damaged = mutations.of_structure(json.loads(body), dice)
            yield Pair(damaged, json.dumps(healthy).encode(), neighbour_id)


def _fresh(body: bytes, number: int, dice: random.Random) -> bytes:
    """New ids, so that it is no repeat, and one of several people."""
    who = str(dice.randrange(_PEOPLE)).encode()
    body = _IDS.sub(rb'"\1.%d"' % number, body)
    for known in (b"15550001111", b"US.1000000000000001", b"7001", b"8001"):
        body = body.replace(b'"%b"' % known, b'"%b%b"' % (known, who))
    return body.replace(b'"1790000000"', b'"%d"' % (datetime.now(UTC).timestamp() - dice.randrange(100_000)))


def _healthy(inbox: Inbox, number: int, dice: random.Random) -> dict[str, Any]:
    phone = f"1666{dice.randrange(_PEOPLE):07d}"
    message = {
        "from": phone, "id": "", "timestamp": str(int(datetime.now(UTC).timestamp())), "type": "text",
        "text": {"body": f"neighbour {number}"},
    }  # fmt: skip
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "1", "phone_number_id": inbox.external_id},
        "contacts": [{"profile": {"name": "Neighbour"}, "wa_id": phone}],
        "messages": [message],
    }
    entry = {"id": inbox.account_id or "1", "changes": [{"field": "messages", "value": value}]}
    return {"object": "whatsapp_business_account", "entry": [entry]}


def _mixed(document: Any, healthy: dict[str, Any], dice: random.Random) -> bytes | None:
    """Damage inside the entries of one delivery, the healthy entry before or behind it."""
    if not isinstance(document, dict) or document.get("object") != healthy["object"]:
        return None
    damaged = json.loads(mutations.of_structure(document["entry"], dice).decode("utf-8", "surrogatepass"))
    if not isinstance(damaged, list):
        return None
    entries = damaged + healthy["entry"] if dice.random() < 0.5 else healthy["entry"] + damaged
    return json.dumps({"object": healthy["object"], "entry": entries}).encode()
