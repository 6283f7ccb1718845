"""Interactive WhatsApp messages (facts §5): buttons, lists, links, requests, products, cards."""

from typing import Any

from server.simulator.graph import limits, refusals, wording
from server.simulator.threads import Card, Option

Shown = dict[str, Any]


def interactive(content: dict[str, Any]) -> Shown:
    """The fields of a `Line`. Raises `Refusal`."""
    kind = content.get("type")
    most = 4096 if kind == "list" else 1024
    body = ""
    # A single product may come without words.
    if kind != "product" or content.get("body") is not None:
        path = "interactive['body']['text']"
        body = limits.text(limits.mapping(content, "body", "interactive['body']"), "text", path, most=most)
    line: Shown = {"kind": "choices", "text": body, "footer": "", "header": ""}
    if content.get("footer") is not None:
        footer = limits.mapping(content, "footer", "footer")
        line["footer"] = limits.text(footer, "text", "interactive['footer']['text']", most=60)
    if content.get("header") is not None:
        line |= _header(limits.mapping(content, "header", "header"), text_only=kind == "list")
    action = limits.mapping(content, "action", "interactive['action']") if kind in ACTIONS else {}
    return line | ACTIONS.get(str(kind), _refuse_kind)(action)


def _header(header: dict[str, Any], *, text_only: bool) -> Shown:
    kind = header.get("type")
    if kind == "text":
        return {"header": limits.text(header, "text", "interactive['header']['text']", most=60)}
    if text_only or kind not in ("image", "video", "document", "gif"):
        raise refusals.wrong_value("Only a text header is allowed on a list message.")
    content = limits.mapping(header, kind, f"header['{kind}']")
    if not content.get("id") and not content.get("link"):
        raise refusals.missing(f"header['{kind}']['id']")
    return {"detail": {"header": {"kind": kind, **content}}}


def _buttons(action: dict[str, Any]) -> Shown:
    buttons = limits.sequence(action, "buttons", "buttons", most=3)
    replies = [limits.mapping(button, "reply", "button['reply']") for button in buttons]
    options = [
        Option(
            id=limits.text(reply, "id", "button['reply']['id']", most=256),
            title=_title(reply, "Button title", most=20),
        )
        for reply in replies
    ]
    limits.unique([option.id for option in options], "button ids")
    limits.unique([option.title for option in options], "button titles")
    return {"style": "buttons", "options": options}


def _list(action: dict[str, Any]) -> Shown:
    label = _title(action, "List button", most=20, key="button")
    sections = limits.sequence(action, "sections", "sections", most=10)
    options: list[Option] = []
    for section in sections:
        name = limits.optional_text(section, "title", "section['title']", most=24)
        if not name and len(sections) > 1:
            raise refusals.wrong_value("Section title is required when there is more than one section.")
        for row in limits.sequence(section, "rows", "rows", most=10):
            options.append(
                Option(
                    id=limits.text(row, "id", "row['id']", most=200),
                    title=_title(row, "Row title", most=24),
                    description=limits.optional_text(row, "description", "row['description']", most=72),
                    section=name,
                )
            )
    if len(options) > 10:
        raise refusals.wrong_value("Total row count exceed max allowed count: 10.")
    limits.unique([option.id for option in options], "row ids")
    return {"style": "list", "options": options, "button": label}


def _link(action: dict[str, Any]) -> Shown:
    parameters = limits.mapping(action, "parameters", "action['parameters']")
    title = _title(parameters, "Link", most=20, key="display_text")
    url = limits.address(parameters, "url", "parameters['url']")
    return {"style": "link", "options": [Option(id="", title=title, url=url)]}


def _plain(_: dict[str, Any]) -> Shown:
    return {"style": None}


def _refuse_kind(_: dict[str, Any]) -> Shown:
    raise refusals.wrong_value("Param interactive['type'] is not a supported interactive type.")


def _title(parent: dict[str, Any], name: str, *, most: int, key: str = "title") -> str:
    title = parent.get(key)
    if title is None:
        raise refusals.missing(key)
    if not isinstance(title, str) or not 1 <= len(title) <= most or wording.is_empty(title):
        raise refusals.wrong_value(f"{name} length invalid. Min length: 1, Max length: {most}")
    return title


def _flow(action: dict[str, Any]) -> Shown:
    parameters = limits.mapping(action, "parameters", "action['parameters']")
    title = _title(parameters, "Flow button", most=30, key="flow_cta")
    return {"style": "form", "options": [Option(id=str(parameters.get("flow_token") or "unused"), title=title)]}


def _product(action: dict[str, Any]) -> Shown:
    limits.text(action, "catalog_id", "action['catalog_id']", most=100)
    product = limits.text(action, "product_retailer_id", "action['product_retailer_id']", most=100)
    return {"cards": [Card(title=product)]}


def _products(action: dict[str, Any]) -> Shown:
    limits.text(action, "catalog_id", "action['catalog_id']", most=100)
    sections = limits.sequence(action, "sections", "sections", most=10)
    cards = []
    for section in sections:
        for item in limits.sequence(section, "product_items", "section['product_items']", most=30):
            cards.append(Card(title=limits.text(item, "product_retailer_id", "product_retailer_id", most=100)))
    if len(cards) > 30:
        raise refusals.wrong_value("Total product count exceed max allowed count: 30.")
    return {"cards": cards}


def _carousel(action: dict[str, Any]) -> Shown:
    cards = []
    for card in limits.sequence(action, "cards", "cards", most=10, least=2):
        body = limits.text(card.get("body") or {}, "text", "card['body']['text']", most=160)
        cards.append(Card(title=body))
    return {"cards": cards}


ACTIONS = {
    "button": _buttons,
    "list": _list,
    "cta_url": _link,
    "location_request_message": lambda _: {"style": "ask_location"},
    "request_contact_info": lambda _: {"style": "ask_contact"},
    "flow": _flow,
    "product": _product,
    "product_list": _products,
    "carousel": _carousel,
    "address_message": _plain,
}
