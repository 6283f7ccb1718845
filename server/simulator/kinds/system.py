"""What WhatsApp says itself about a customer: a new number, a new id, a new device (facts §2.2)."""

from typing import Any

from server.simulator.identifiers import derived_digits, new_digits
from server.simulator.kinds.making import Made, Making
from server.simulator.world import World


def system(world: World, making: Making) -> Made:
    """Carries no `contacts`. The customer really has the new number or id afterwards."""
    wish, customer, inbox = making.wish, making.customer, making.inbox
    before, old_phone = customer.identifier(inbox), customer.phone
    told: dict[str, Any] = {}
    if wish.change == "identity":
        told = {
            "type": "customer_identity_changed",
            "body": "The customer's security code has changed",
            "identity": {"acknowledged": False, "created_timestamp": str(int(making.at)), "hash": new_digits(10)},
            "user_id": before,
        }
    elif wish.change == "user_id":
        world.customers.renumber(customer, phone=None)
        told = {"type": "user_changed_user_id", "body": "The customer's user id has changed"}
        told |= {"user_id": customer.identifier(inbox), "previous_user_id": before}
    else:
        phone = wish.phone or f"{old_phone[:-7]}{derived_digits(customer.id, old_phone, length=7)}"
        world.customers.renumber(customer, phone="".join(digit for digit in phone if digit.isdecimal()))
        words = f"User {customer.name} changed from {old_phone} to {customer.phone}"
        told = {"type": "user_changed_number", "body": words}
        told |= {"user_id": customer.identifier(inbox), "previous_user_id": before}
        if not world.hides_phone(customer):
            told["wa_id"] = customer.phone
    content: dict[str, Any] = {"type": "system", "system": told}
    if wish.change != "user_id":
        # Who it is about, as the business knew them.
        content["from_user_id"] = before
        if not world.hides_phone(customer):
            content["from"] = old_phone
    return Made(kind="note", text=told["body"], content=content, speaks=False)
