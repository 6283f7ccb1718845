"""The phone pages and the switches page."""

from typing import Any

import msgspec
from litestar import Request, get
from litestar.handlers import HTTPRouteHandler
from litestar.response import Stream, Template

from server.simulator.config import SimulatedInbox
from server.simulator.customers import Customer
from server.simulator.files.store import FAULTS
from server.simulator.orders import HOWS
from server.simulator.pages import texts
from server.simulator.pages.stream import stream
from server.simulator.simulator import Simulator
from server.simulator.switches import Switches
from server.simulator.threads import Thread
from server.simulator.view import thread_view
from server.simulator.webhooks.items import OBJECTS

AnyRequest = Request[Any, Any, Any]

# One channel per sector on the first page, so that all three are seen.
SHOWCASE = {"hospitality": "instagram", "education": "messenger", "financial": "whatsapp"}
VISITORS = ("sara-khalil", "omar-haddad", "james-whitfield")


def page_routes(simulator: Simulator) -> list[HTTPRouteHandler]:
    words = texts.load()

    @get("/")
    async def phones(request: AnyRequest) -> Template:
        wanted = request.query_params.getall("phone", [])
        threads = [_thread(simulator, *key.split(":", 1)) for key in wanted if ":" in key] or _showcase(simulator)
        return _page(request, "phones.html", threads[:3])

    @get("/phone/{customer:str}/{inbox:str}")
    async def phone(request: AnyRequest) -> Template:
        path = request.path_params
        return _page(request, "phones.html", [_thread(simulator, str(path["customer"]), str(path["inbox"]))])

    @get("/switches")
    async def switches(request: AnyRequest) -> Template:
        return _page(request, "switches.html", [])

    @get("/events")
    async def events(request: AnyRequest) -> Stream:
        def named(parameter: str) -> list[Thread]:
            keys = request.query_params.getall(parameter, [])
            return [_thread(simulator, *key.split(":", 1)) for key in keys if ":" in key]

        return Stream(stream(simulator, named("thread"), named("look")), media_type="text/event-stream")

    def _page(request: AnyRequest, name: str, threads: list[Thread]) -> Template:
        asked = request.query_params.get("lang") or request.cookies.get("simulator_language")
        language = asked if asked in texts.LANGUAGES else "en"
        theme = request.cookies.get("simulator_theme")
        data = _data(simulator, threads, language, words[language])
        return Template(
            template_name=name,
            context={
                "t": words[language],
                "language": language,
                "other_language": "en" if language == "ar" else "ar",
                "theme": theme if theme in ("light", "dark") else None,
                "console_url": simulator.world.config.console_url,
                "phones": data["phones"],
                "inboxes": data["inboxes"],
                "switches": simulator.acts.state(),
                "faults": FAULTS,
                "hows": HOWS,
                "objects": OBJECTS,
                "good": msgspec.json.encode(Switches()).decode(),
                # Inside a script element nothing may look like its end.
                "data": msgspec.json.encode(data).decode().replace("<", "\\u003c"),
            },
        )

    return [phones, phone, switches, events]


def _thread(simulator: Simulator, customer: str, inbox: str) -> Thread:
    return simulator.acts.thread(customer, inbox)


def _showcase(simulator: Simulator) -> list[Thread]:
    """One phone per sector, each on another channel where the business has it."""
    chosen: dict[str, SimulatedInbox] = {}
    for inbox in simulator.world.config.inboxes:
        present = chosen.get(inbox.sector)
        if present is None or (inbox.channel == SHOWCASE.get(inbox.sector) != present.channel):
            chosen[inbox.sector] = inbox
    visitors = [simulator.world.customers.get(name) for name in VISITORS]
    return [
        simulator.world.thread(visitor, inbox)
        for visitor, inbox in zip(visitors, chosen.values(), strict=False)
        if visitor is not None
    ]


def _data(simulator: Simulator, threads: list[Thread], language: str, words: dict[str, str]) -> dict[str, Any]:
    world = simulator.world
    people = [customer for customer in world.customers.all() if not customer.scripted and not customer.stranger]
    shown = [thread.customer for thread in threads if thread.customer not in people]
    return {
        "language": language,
        "words": words,
        "phones": [
            {
                "customer": thread.customer.id,
                "inbox": thread.inbox.id,
                "channel": thread.inbox.channel,
                "label": _named(thread.inbox.sector_names, language) or _named(thread.inbox.names, language),
                "thread": thread_view(thread, window_open=world.window_open(thread)),
            }
            for thread in threads
        ],
        "customers": [_person(customer) for customer in [*people, *shown]],
        "inboxes": [_account(inbox, language) for inbox in world.config.inboxes],
    }


def _person(customer: Customer) -> dict[str, Any]:
    return {
        "id": customer.id,
        "name": customer.name,
        "language": customer.language,
        "phone": customer.phone,
        "username": customer.handle,
        "hides_phone": customer.hides_phone,
    }


def _account(inbox: SimulatedInbox, language: str) -> dict[str, Any]:
    return {
        "id": inbox.id,
        "channel": inbox.channel,
        "name": _named(inbox.names, language) or inbox.id,
        "sector": _named(inbox.sector_names, language) or inbox.sector,
        "display": inbox.display,
    }


def _named(names: dict[str, str], language: str) -> str:
    return names.get(language) or names.get("en") or ""
