"""Filled templates as Meta gets them, on WhatsApp and on Messenger (facts §5, §6)."""

from typing import Any

import pytest
from channels.rendering import PHONE, PSID, whatsapp_body

from server.channels import messenger, whatsapp
from server.domain.outgoing import Template
from server.domain.template_parts import Component, Parameter, Place, Preview

FULL = Template(
    "booking_ok", "en_GB", Preview(body="Hello Sara"), category="utility",
    components=(
        Component("header", (Parameter("document", attachment_id=4, media_id="9", file_name="menu.pdf"),)),
        Component("body", (Parameter("text", "Sara", "guest"), Parameter("text", "19:00"))),
        Component("button", (Parameter("payload", "CONFIRM"),), "quick_reply", 0),
        Component("button", (Parameter("text", "a/1"),), "url", 1),
        Component("button", (Parameter("coupon_code", "SAVE"),), "copy_code", 2),
        Component("button", (Parameter("action", "token"),), "flow", 3),
        Component("button", (Parameter("action", "sku-1"),), "catalog", 4),
    ),
)  # fmt: skip
WIRE = {
    "name": "booking_ok", "language": {"code": "en_GB"},
    "components": [
        {"type": "header", "parameters": [{"type": "document", "document": {"id": "9", "filename": "menu.pdf"}}]},
        {"type": "body", "parameters": [{"type": "text", "parameter_name": "guest", "text": "Sara"},
                                        {"type": "text", "text": "19:00"}]},
        {"type": "button", "sub_type": "quick_reply", "index": "0",
         "parameters": [{"type": "payload", "payload": "CONFIRM"}]},
        {"type": "button", "sub_type": "url", "index": "1", "parameters": [{"type": "text", "text": "a/1"}]},
        {"type": "button", "sub_type": "copy_code", "index": "2",
         "parameters": [{"type": "coupon_code", "coupon_code": "SAVE"}]},
        {"type": "button", "sub_type": "flow", "index": "3",
         "parameters": [{"type": "action", "action": {"flow_token": "token"}}]},
        {"type": "button", "sub_type": "catalog", "index": "4",
         "parameters": [{"type": "action", "action": {"thumbnail_product_retailer_id": "sku-1"}}]},
    ],
}  # fmt: skip


def test_a_template_with_every_component() -> None:
    assert whatsapp.render(FULL, PHONE, "out-42") == whatsapp_body(to="+15550001111", type="template", template=WIRE)


@pytest.mark.parametrize(
    ("parameter", "wire"),
    [
        (Parameter("image", attachment_id=4, media_id="9"), {"type": "image", "image": {"id": "9"}}),
        (Parameter("video", attachment_id=4, media_id="9"), {"type": "video", "video": {"id": "9"}}),
        (Parameter("text", "Sara"), {"type": "text", "text": "Sara"}),
        (Parameter("location", place=Place(30.5, 31.25, "Café", "Nile")), {"type": "location", "location": {
            "latitude": "30.5", "longitude": "31.25", "name": "Café", "address": "Nile"}}),
    ],
)  # fmt: skip
def test_headers_of_templates(parameter: Parameter, wire: Any) -> None:
    outgoing = Template("t", "en", Preview(body="b"), components=(Component("header", (parameter,)),))
    body = whatsapp.render(outgoing, PHONE, "out-42")
    assert body["template"]["components"] == [{"type": "header", "parameters": [wire]}]


def test_a_utility_template_on_messenger() -> None:
    body = messenger.render(FULL, PSID, "out-42", "HUMAN_AGENT")
    assert body == {
        "recipient": {"id": "7001"}, "messaging_type": "UTILITY", "message": {"template": WIRE, "metadata": "out-42"},
    }  # fmt: skip
