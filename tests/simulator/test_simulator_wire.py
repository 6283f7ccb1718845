"""What the simulator writes on the wire, against the facts sheet's known answers and examples."""

import json
from typing import Any

from server.channels.signature import sign
from server.simulator.config import SimulatedInbox
from server.simulator.customers import Customer
from server.simulator.graph.tokens import appsecret_proof
from server.simulator.threads import Line
from server.simulator.webhooks import messaging, whatsapp
from server.simulator.webhooks.items import Item, envelope, serialise

NUMBER = SimulatedInbox(
    id="desk", channel="whatsapp", external_id="700800900", account_id="100200300", display="+1 555 000 9999"
)
PAGE = SimulatedInbox(id="page", channel="messenger", external_id="500")
SARA = Customer(id="sara", name="Sara", username="sara.k", phone="15550001111")


def item(inbox: SimulatedInbox, content: dict[str, Any], key: str = "k") -> Item:
    return Item(key=key, kind="message", inbox=inbox, customer="sara", at=1790000000.123, content=content)


def written(text: str, message_id: str = "wamid.AAA1") -> Line:
    return Line(id=message_id, author="customer", kind="text", text=text, at=1790000000.4)


def test_signs_the_escaped_form_as_the_known_answer_says() -> None:
    body = serialise({"object": "page", "entry": [{"id": "1", "text": "café"}]})
    assert body == b'{"object":"page","entry":[{"id":"1","text":"caf\\u00e9"}]}'
    known = "sha256=9a316316863019d925d0ea47b0091e2632d045f53d92fbcc082e369cfca06bba"
    assert sign(body, "example-app-secret") == known
    assert sign(json.dumps(json.loads(body), ensure_ascii=False).encode(), "example-app-secret") != known


def test_escapes_arabic_and_emoji_as_lowercase_pairs() -> None:
    assert serialise({"t": "مساء 🙂"}) == b'{"t":"\\u0645\\u0633\\u0627\\u0621 \\ud83d\\ude42"}'


def test_proof_of_the_app_secret_is_the_known_answer() -> None:
    proof = "24f0d12042cb414261446e82064eeb340a54ec5908eeedd2ea5cf3cfd23a4627"
    assert appsecret_proof("example-app-secret", "EXAMPLETOKEN") == proof


def test_whatsapp_text_has_metas_shape() -> None:
    line = written("Table for 4?")
    ad = whatsapp.ad_referral("120200000000001", "Dinner", "Book", "ARexample")
    value = whatsapp.message(SARA, NUMBER, line, whatsapp.text(line), hides_phone=False, referral=ad)
    body = envelope([item(NUMBER, value)])
    user_id = SARA.identifier(NUMBER)
    assert body["object"] == "whatsapp_business_account"
    (entry,) = body["entry"]
    assert entry["id"] == "100200300"
    (change,) = entry["changes"]
    assert change["field"] == "messages"
    assert change["value"]["metadata"] == {"display_phone_number": "15550009999", "phone_number_id": "700800900"}
    assert change["value"]["contacts"] == [
        {"profile": {"name": "Sara", "username": "sara.k"}, "user_id": user_id, "wa_id": "15550001111"}
    ]
    (message,) = change["value"]["messages"]
    assert message["referral"]["ctwa_clid"] == "ARexample"
    del message["referral"]
    assert message == {
        "from": "15550001111",
        "from_user_id": user_id,
        "id": "wamid.AAA1",
        "timestamp": "1790000000",
        "type": "text",
        "text": {"body": "Table for 4?"},
    }


def test_a_hidden_number_is_nowhere_in_the_body() -> None:
    line = written("Hi")
    value = whatsapp.message(SARA, NUMBER, line, whatsapp.text(line), hides_phone=True)
    told = whatsapp.status(SARA, NUMBER, line, "delivered", 1790000001, hides_phone=True)
    body = serialise(envelope([item(NUMBER, value), item(NUMBER, told)]))
    assert b"15550001111" not in body
    assert SARA.identifier(NUMBER).encode() in body


def test_a_persons_id_is_the_portfolios_own() -> None:
    other = SimulatedInbox(id="x", channel="whatsapp", external_id="1", portfolio_id="another")
    assert SARA.identifier(NUMBER) != SARA.identifier(other)
    assert SARA.identifier(NUMBER).startswith("US.")


def test_answers_to_a_list_and_to_buttons_have_metas_shape() -> None:
    asked = Line(id="wamid.B1", author="business", kind="choices", at=0, style="list")
    listed = whatsapp.pressed(asked, "slot_19", "19:00", "Terrace")
    assert listed["interactive"] == {
        "type": "list_reply",
        "list_reply": {"id": "slot_19", "title": "19:00", "description": "Terrace"},
    }
    asked.style = "buttons"
    assert whatsapp.pressed(asked, "y", "Yes")["interactive"]["button_reply"] == {"id": "y", "title": "Yes"}


def test_messenger_items_have_metas_shape() -> None:
    line = Line(id="m_AAA", author="customer", kind="text", text="Menu please", at=1790000000.1)
    psid = SARA.identifier(PAGE)
    told = messaging.message(SARA, PAGE, line, payload="MENU", referral=None)
    body = envelope([item(PAGE, told)])
    assert body == {
        "object": "page",
        "entry": [
            {
                "id": "500",
                "time": 1790000000123,
                "messaging": [
                    {
                        "sender": {"id": psid},
                        "recipient": {"id": "500"},
                        "timestamp": 1790000000100,
                        "message": {"mid": "m_AAA", "text": "Menu please", "quick_reply": {"payload": "MENU"}},
                    }
                ],
            }
        ],
    }
    echo = messaging.echo(SARA, PAGE, line, app_id="42", metadata="out-42")
    assert (echo["sender"], echo["recipient"]) == ({"id": "500"}, {"id": psid})
    assert echo["message"] == {
        "mid": "m_AAA", "is_echo": True, "app_id": 42, "metadata": "out-42", "text": "Menu please",
    }  # fmt: skip
    assert messaging.read_watermark(SARA, PAGE, 1.3, 1.25)["read"] == {"watermark": 1250}


def test_a_batch_groups_neighbours_and_keeps_their_order() -> None:
    second = SimulatedInbox(id="other", channel="whatsapp", external_id="2", account_id="200", display="+1 555 2")

    def message(inbox: SimulatedInbox, number: int) -> Item:
        line = written(f"text {number}", f"wamid.{number}")
        value = whatsapp.message(SARA, inbox, line, whatsapp.text(line), hides_phone=False)
        return item(inbox, value, f"wamid.{number}")

    def status(number: int) -> Item:
        value = whatsapp.status(SARA, NUMBER, written("", f"wamid.{number}"), "read", 1.0, hides_phone=False)
        return item(NUMBER, value)

    body = envelope([message(NUMBER, 1), message(NUMBER, 2), status(3), message(second, 4), message(NUMBER, 5)])
    assert [entry["id"] for entry in body["entry"]] == ["100200300", "200", "100200300"]
    first = [change["value"] for change in body["entry"][0]["changes"]]
    assert [message["id"] for message in first[0]["messages"]] == ["wamid.1", "wamid.2"]
    assert len(first[0]["contacts"]) == 1
    assert [told["status"] for told in first[1]["statuses"]] == ["read"]
