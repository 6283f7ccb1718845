"""Message templates: the list, writing them, sending them, and Meta's code for each thing that is wrong."""

from typing import Any

from simulator.meta_side import Meta, Receiver, eventually

from server.simulator.inboxes import read
from server.simulator.message_templates import Template, Templates

WABA, CAFE, SCHOOL = "102290000000101", "106540000000101", "109870000000201"
SARA, OMAR = "15550101142", "201555010187"

Json = dict[str, Any]


def named(**values: str) -> Json:
    parameters = [{"type": "text", "parameter_name": name, "text": text} for name, text in values.items()]
    return {"type": "body", "parameters": parameters}


def counted(*values: str, kind: str = "body", **more: Any) -> Json:
    return {"type": kind, "parameters": [{"type": "text", "text": text} for text in values], **more}


def template(name: str, *components: Json, language: str = "en", to: str = OMAR) -> Json:
    content = {"name": name, "language": {"code": language}, "components": list(components)}
    return {"messaging_product": "whatsapp", "to": to, "type": "template", "template": content}


IMAGE = {"type": "header", "parameters": [{"type": "image", "image": {"link": "https://example.test/menu.jpg"}}]}
PLACE = {"type": "header", "parameters": [{"type": "location", "location": {"latitude": 21.5, "longitude": 39.1}}]}
TRACK = counted("A-204", kind="button", sub_type="url", index="0")


SENDS = [
    (template("hello_again", named(guest="Sara")), None),
    (template("hello_again", named(guest="سارة"), language="ar"), None),
    (template("hello_again"), 132000),
    (template("hello_again", named(guest="Sara", time="7")), 132000),
    (template("hello_again", named(visitor="Sara")), 132012),
    (template("hello_again", named(guest="")), 132008),
    (template("hello_again", named(guest="two\nlines")), 132018),
    (template("hello_again", named(guest="x" * 1000)), 132005),
    (template("hello_again", {"type": "body", "parameters": [{"type": "image", "image": {"id": "1"}}]}), 132012),
    (template("hello_again", named(guest="Sara"), language="fr"), 132001),
    (template("no_such_template"), 132001),
    (template("loud_offer"), 132001),
    (template("old_offer"), 132015),
    (template("retired_offer"), 132016),
    (template("order_on_its_way", counted("A-204", kind="header"), counted("13:30", "the gate"), TRACK), None),
    (template("order_on_its_way", counted("A-204", kind="header"), counted("13:30", "the gate")), 131008),
    (template("order_on_its_way", counted("13:30", "the gate"), TRACK), 132000),
    (template("weekend_menu", IMAGE, named(guest="Omar")), None),
    (template("weekend_menu", named(guest="Omar")), 132012),
    (template("weekend_menu", PLACE, named(guest="Omar")), 132012),
    (template("find_us", PLACE), None),
    (template("booking_ok", named(guest="O", time="7"), counted("x", kind="button", index="9")), 132018),
    (template("one_time_code", counted("482913"), counted("482913", kind="button", index="0")), None),
    (template("one_time_code", counted("482913")), 131008),
]


async def test_what_a_template_needs(meta: Meta) -> None:
    for body, code in SENDS:
        status, answer = await meta.graph(f"{CAFE}/messages", body)
        assert answer.get("error", {}).get("code") == code, body
        assert status == {None: 200, 132001: 404}.get(code, 400)


async def test_the_phone_shows_the_filled_template_and_its_button_answers(meta: Meta, receiver: Receiver) -> None:
    payload = {"type": "button", "sub_type": "quick_reply", "index": "0"}
    payload["parameters"] = [{"type": "payload", "payload": "CONFIRM-7"}]  # type: ignore[assignment]
    await meta.graph(f"{CAFE}/messages", template("booking_ok", named(guest="Omar", time="19:00"), payload))
    (line,) = (await meta.control("/customers/omar-haddad/thread?inbox=cafe-whatsapp"))["lines"]
    assert line["text"] == "Hello Omar, your table is confirmed for 19:00. See you soon."
    assert [option["title"] for option in line["options"]] == ["Confirm", "Cancel"]
    await meta.control("/customers/omar-haddad/press", {"inbox": "cafe-whatsapp", "option": "Confirm"})
    await meta.settled()
    assert receiver.messages[-1]["button"] == {"payload": "CONFIRM-7", "text": "Confirm"}
    assert [status["pricing"]["category"] for status in receiver.statuses if "pricing" in status] == ["utility"] * 2


async def test_templates_reach_a_closed_window_but_not_who_stopped_marketing(meta: Meta, receiver: Receiver) -> None:
    for customer in ("omar-haddad", "sara-khalil"):
        await meta.control(f"/customers/{customer}/set", {"inbox": "cafe-whatsapp", "last_wrote_hours_ago": 40})
    await meta.graph(f"{CAFE}/messages", template("hello_again", named(guest="Omar")))
    await meta.settled()
    assert [status["status"] for status in receiver.statuses] == ["sent", "delivered"]
    await meta.control("/customers/omar-haddad/set", {"inbox": "cafe-whatsapp", "preference": "stop"})
    await meta.graph(f"{CAFE}/messages", template("weekend_menu", IMAGE, named(guest="Omar")))
    # American numbers get no marketing at all.
    await meta.graph(f"{CAFE}/messages", template("weekend_menu", IMAGE, named(guest="Sara"), to=SARA))
    await meta.settled()
    assert sorted(status["errors"][0]["code"] for status in receiver.statuses[2:]) == [131049, 131050]
    await meta.control("", {"opt_outs": "response"})
    answer = (await meta.graph(f"{CAFE}/messages", template("weekend_menu", IMAGE, named(guest="Omar"))))[1]
    assert answer["error"]["code"] == 131050


async def test_endpoints_and_recipients_have_their_rules(meta: Meta) -> None:
    person = meta.world.customers.get("layla-mansour")
    assert person is not None
    by_id = template("one_time_code", counted("482913"), counted("482913", kind="button", index="0"))
    del by_id["to"]
    by_id["recipient"] = person.identifier(meta.world.inboxes["cafe-whatsapp"])
    assert (await meta.graph(f"{CAFE}/messages", by_id))[1]["error"]["code"] == 131062
    marketing = f"{CAFE}/marketing_messages"
    assert (await meta.graph(marketing, template("weekend_menu", IMAGE, named(guest="Omar"))))[0] == 200
    assert (await meta.graph(marketing, template("hello_again", named(guest="Omar"))))[1]["error"]["code"] == 131055


async def test_a_page_sends_utility_templates_at_any_time(meta: Meta) -> None:
    person = meta.world.customers.get("omar-haddad")
    assert person is not None
    await meta.control("/customers/omar-haddad/set", {"inbox": "school-messenger", "last_wrote_hours_ago": 40})
    content = {"name": "hello_again", "language": {"code": "ar"}, "components": [named(guest="عمر")]}
    body = {"recipient": {"id": person.identifier(meta.world.inboxes["school-messenger"])}, "messaging_type": "UTILITY"}
    body["message"] = {"template": content}
    assert (await meta.graph(f"{SCHOOL}/messages", body))[0] == 200
    assert (await meta.graph(f"{SCHOOL}/messages", body | {"messaging_type": "RESPONSE"}))[1]["error"]["code"] == 100


PAGE_TEMPLATES: list[tuple[Json, str]] = [
    ({"name": "no_such_template"}, "does not exist in en"),
    ({"name": "hello_again", "language": {"code": "fr"}}, "does not exist in fr"),
    ({"name": "hello_again", "language": "en"}, "[language][code] is required"),
    ({"name": "hello_again"}, "number of localizable_params (0)"),
    ({"name": "hello_again", "components": [named(visitor="Sara")]}, "no variable 'visitor'"),
    ({"name": "hello_again", "components": ["Sara"]}, "must be an array of objects"),
    ({"name": "statement_ready", "components": [counted("Sara", "May")]}, "expected DOCUMENT"),
    ({"name": "weekend_menu", "components": [IMAGE, named(guest="Sara")]}, "does not exist"),
    ({"name": "moved_by_meta"}, "is no utility template"),
    ({"name": "waiting"}, "is not approved"),
]


async def test_a_page_sends_nothing_but_a_utility_template_that_fits(meta: Meta) -> None:
    person = meta.world.customers.get("omar-haddad")
    assert person is not None
    to = {"recipient": {"id": person.identifier(meta.world.inboxes["school-messenger"])}, "messaging_type": "UTILITY"}
    for name, category, review in (("moved_by_meta", "MARKETING", "APPROVED"), ("waiting", "UTILITY", "PENDING")):
        meta.world.templates.add(
            Template(id="", account=SCHOOL, name=name, language="en", category=category, status=review,
                     components=[BODY])
        )  # fmt: skip
    for content, words in PAGE_TEMPLATES:
        message = {"template": {"language": {"code": "en"}, "components": []} | content}
        status, answer = await meta.graph(f"{SCHOOL}/messages", {**to, "message": message})
        assert (status, answer["error"]["code"]) == (400, 100), content
        assert words in answer["error"]["message"], content
    beside = {"template": {"name": "find_us", "language": {"code": "en"}}, "text": "Hello"}
    assert (await meta.graph(f"{SCHOOL}/messages", {**to, "message": beside}))[1]["error"]["code"] == 100


async def test_a_page_has_utility_templates_only(meta: Meta) -> None:
    listed = (await meta.graph(f"{SCHOOL}/message_templates?limit=100"))[1]["data"]
    assert {each["category"] for each in listed} == {"UTILITY"}
    assert (await meta.graph(f"{SCHOOL}/message_templates?fields=name,quality_score"))[1]["error"]["code"] == 100
    marketing = draft("offers", category="MARKETING")
    assert (await meta.graph(f"{SCHOOL}/message_templates", marketing))[1]["error"]["code"] == 100
    assert (await meta.graph(f"{SCHOOL}/message_templates", draft()))[0] == 200


def test_each_account_has_the_templates_of_its_sector() -> None:
    inboxes = {each.id: each for each in read().inboxes}
    templates = Templates(tuple(inboxes.values()))

    def names(inbox: str) -> set[str]:
        return {each.name for each in templates.of(inboxes[inbox].entry_id)}

    assert {"hello_again", "statement_ready", "advisor_follow_up"} <= names("financial-whatsapp")
    assert not {"booking_ok", "weekend_menu", "order_on_its_way", "find_us"} & names("financial-whatsapp")
    assert "booking_ok" not in names("financial-messenger") | names("education-whatsapp")
    assert "menu_of_the_week" in names("education-whatsapp")
    assert "advisor_follow_up" not in names("hospitality-whatsapp")


async def test_the_list_comes_in_pages(meta: Meta) -> None:
    seen: list[str] = []
    after = ""
    while True:
        _, page = await meta.graph(f"{WABA}/message_templates?limit=8&fields=name,status{after}")
        seen += [each["id"] for each in page["data"]]
        assert all(set(each) == {"id", "name", "status"} for each in page["data"])
        if "next" not in page["paging"]:
            break
        after = f"&after={page['paging']['cursors']['after']}"
    assert len(set(seen)) == len(seen) == 20
    assert (await meta.graph(f"{WABA}/message_templates?after=nowhere"))[1]["error"]["code"] == 131059
    paused = (await meta.graph(f"{WABA}/message_templates?status=PAUSED"))[1]["data"]
    assert {each["name"] for each in paused} == {"old_offer"}


def draft(name: str = "table_ready", *parts: Json, **more: Any) -> Json:
    components = list(parts) or [{"type": "BODY", "text": "Your table is ready."}]
    return {"name": name, "language": "en", "category": "UTILITY", "components": components, **more}


BODY = {"type": "BODY", "text": "Your table is ready."}


DRAFTS = [
    (draft("Table Ready"), 100),
    (draft(category="NEWS"), 100),
    (draft("x", {"type": "FOOTER", "text": "Bye"}), 2388072),
    (draft("x", {"type": "BODY", "text": "x" * 1025}), 2388040),
    (draft("x", {"type": "BODY", "text": "{{1}} is ready", "example": {"body_text": [["A"]]}}), 2388299),
    (draft("x", {"type": "BODY", "text": "Your {{1}} is ready."}), 2388072),
    (draft("x", {"type": "BODY", "text": "To {{1}} {{2}} {{3}} x", "example": {"body_text": [["A"]]}}), 2388293),
    (draft("x", BODY, {"type": "HEADER", "format": "TEXT", "text": "x" * 61}), 2388040),
    (draft("x", BODY, {"type": "HEADER", "format": "IMAGE"}), 2388047),
    (draft("x", BODY, {"type": "FOOTER", "text": "By {{1}}"}), 2388073),
    (draft("x", BODY, {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": "x" * 26}]}), 100),
    (draft("x", BODY, {"type": "BUTTONS", "buttons": [{"type": "URL", "text": "a", "url": "u"}] * 3}), 100),
    (draft("booking_ok"), 100),
]


async def test_what_cannot_be_written(meta: Meta) -> None:
    for body, code in DRAFTS:
        status, answer = await meta.graph(f"{WABA}/message_templates", body)
        assert (status, answer["error"]["code"]) == (400, code), body


async def test_a_new_template_is_looked_at_edited_and_deleted(meta: Meta, receiver: Receiver) -> None:
    _, made = await meta.graph(f"{WABA}/message_templates", draft())
    assert (made["status"], made["category"]) == ("PENDING", "UTILITY")
    await eventually(lambda: bool(receiver.values))
    told = receiver.values[0]
    assert (told["event"], told["message_template_id"]) == ("APPROVED", int(made["id"]))
    assert (await meta.graph(f"{CAFE}/messages", template("table_ready")))[0] == 200
    assert (await meta.graph(made["id"], {"components": [BODY]}))[0] == 200
    await eventually(lambda: len(receiver.values) == 2 + 2)
    assert (await meta.graph(made["id"], {"components": [BODY]}))[1]["error"]["code"] == 100
    assert (await meta.graph(f"{WABA}/message_templates?name=table_ready", method="DELETE"))[0] == 200
    assert (await meta.graph(f"{WABA}/message_templates", draft()))[1]["error"]["code"] == 100
    await meta.graph(f"{WABA}/message_templates", draft("reject_me"))
    await eventually(lambda: receiver.values[-1].get("event") == "REJECTED")


async def test_a_paused_template_is_let_go_on(meta: Meta, receiver: Receiver) -> None:
    (paused, _) = (await meta.graph(f"{WABA}/message_templates?status=PAUSED"))[1]["data"]
    assert await meta.graph(f"{paused['id']}/unpause", {}) == (200, {"success": True})
    assert (await meta.graph(paused["id"]))[1]["status"] == "APPROVED"
    assert (await meta.graph(f"{paused['id']}/unpause", {}))[1]["error"]["code"] == 100


async def test_an_hour_has_two_hundred_calls(meta: Meta) -> None:
    for _ in range(199):
        meta.simulator.reviews.count_call(WABA)
    assert (await meta.graph(f"{WABA}/message_templates?limit=1"))[0] == 200
    assert (await meta.graph(f"{WABA}/message_templates?limit=1"))[1]["error"]["code"] == 80007
    await meta.control("", {"management_limit": False})
    assert (await meta.graph(f"{WABA}/message_templates?limit=1"))[0] == 200
