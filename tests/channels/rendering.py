"""Addresses of customers, small things to say to them, and what every call to WhatsApp has in common."""

from typing import Any

from server.domain.inbound import Address
from server.domain.model import IdentityKind
from server.domain.outgoing import Location, Option

PHONE = Address(IdentityKind.PHONE, "15550001111")
USER_ID = Address(IdentityKind.WHATSAPP_USER, "US.1000000000000001")
PSID = Address(IdentityKind.PAGE_USER, "7001")
IGSID = Address(IdentityKind.INSTAGRAM_USER, "8001")
CAFE = Location(30.0444, 31.2357, "Havana Café", "12 Nile Street")


def options(count: int, title: str = "Choice") -> tuple[Option, ...]:
    return tuple(Option(f"id{number}", f"{title} {number}", "why") for number in range(count))


def whatsapp_body(**more: Any) -> dict[str, Any]:
    return {
        "messaging_product": "whatsapp", "recipient_type": "individual", "biz_opaque_callback_data": "out-42",
    } | more  # fmt: skip
