"""Signed webhooks as Meta would send them, each from a person never met before."""

import hashlib
import hmac
import json
import time
from itertools import count

SECRET = "benchmark-secret"
# The demo organisation's investment desk on WhatsApp, filled in by `use`.
_account = {"phone_number_id": "", "account_id": ""}
_numbers = count(int(time.time() * 1000) % 10_000_000 * 1000)

_PADDING = "I would like to hear how the balanced fund did this year and what the fees are. " * 4


def use(phone_number_id: str, account_id: str) -> None:
    _account.update(phone_number_id=phone_number_id, account_id=account_id)


def body(messages: int = 1, text: str = _PADDING) -> bytes:
    """About 1.1 KB with one message; `messages` distinct people in one delivery."""
    changes = [{"field": "messages", "value": _value(next(_numbers), text)} for _ in range(messages)]
    return _delivery(changes)


def body_from(number: int, serial: int, text: str) -> bytes:
    """One message from the person of this number; each `serial` another message."""
    value = _value(number, text)
    value["messages"][0]["id"] = f"wamid.{number:010d}.{serial:010d}"  # type: ignore[index]
    return _delivery([{"field": "messages", "value": value}])


def person(number: int) -> tuple[str, str]:
    """Phone and WhatsApp user id of the person of this number."""
    return f"1555{number:010d}", f"US.{number:016d}"


def sign(data: bytes) -> str:
    return "sha256=" + hmac.new(SECRET.encode(), data, hashlib.sha256).hexdigest()


def request(path: str, data: bytes) -> bytes:
    """The bytes of one HTTP/1.1 request."""
    head = (
        f"POST {path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n"
        f"x-hub-signature-256: {sign(data)}\r\ncontent-length: {len(data)}\r\n\r\n"
    )
    return head.encode() + data


def _delivery(changes: list[dict[str, object]]) -> bytes:
    entry = {"id": _account["account_id"], "changes": changes}
    return json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()


def _value(number: int, text: str) -> dict[str, object]:
    phone, user = person(number)
    return {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "15550009999", "phone_number_id": _account["phone_number_id"]},
        "contacts": [{"profile": {"name": "Sara Haddad"}, "wa_id": phone, "user_id": user}],
        "messages": [
            {
                "from": phone,
                "from_user_id": user,
                "id": f"wamid.{number:020d}",
                "timestamp": str(int(time.time())),
                "type": "text",
                "text": {"body": text},
            }
        ],
    }
