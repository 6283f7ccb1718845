"""The other side of the simulator's tests: a callback that only remembers, a caller of the Graph and control APIs."""

import asyncio
import hashlib
import hmac
import json
from collections.abc import Callable
from typing import Any

import aiohttp
from aiohttp import web

from server.simulator.config import SimulatorConfig
from server.simulator.serving import Running

SECRET = "a-secret-of-the-test-app"


async def eventually(holds: Callable[[], bool]) -> None:
    """Waits, ten seconds at most, for what the simulator does by itself."""
    async with asyncio.timeout(30):
        while not holds():  # noqa: ASYNC110 (it has no event to wait for)
            await asyncio.sleep(0.01)


class Receiver:
    """Answers webhooks as told and keeps every body that came with a good signature."""

    def __init__(self) -> None:
        self.bodies: list[dict[str, Any]] = []
        self.raw: list[bytes] = []
        self.refused = 0
        self.url = ""
        # The next answers; 200 when there is none left.
        self.answers: list[int] = []

    async def take(self, request: web.Request) -> web.Response:
        body = await request.read()
        wanted = "sha256=" + hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(request.headers.get("X-Hub-Signature-256", ""), wanted):
            self.refused += 1
            return web.Response(status=403)
        status = self.answers.pop(0) if self.answers else 200
        if status == 200:
            self.raw.append(body)
            self.bodies.append(json.loads(body))
        return web.Response(status=status)

    async def greet(self, request: web.Request) -> web.Response:
        good = request.query["hub.verify_token"] == "verify-me" and request.query["hub.mode"] == "subscribe"
        return web.Response(text=request.query["hub.challenge"]) if good else web.Response(status=403)

    @property
    def values(self) -> list[dict[str, Any]]:
        """WhatsApp `value`s in the order they came."""
        entries = [entry for body in self.bodies for entry in body["entry"]]
        return [change["value"] for entry in entries for change in entry.get("changes", [])]

    @property
    def messages(self) -> list[dict[str, Any]]:
        return [message for value in self.values for message in value.get("messages", [])]

    @property
    def statuses(self) -> list[dict[str, Any]]:
        return [status for value in self.values for status in value.get("statuses", [])]

    @property
    def messaging(self) -> list[dict[str, Any]]:
        """Messenger and Instagram items in the order they came."""
        return [item for body in self.bodies for entry in body["entry"] for item in entry.get("messaging", [])]


class Meta:
    """Calls the simulator as the product and as a test would."""

    def __init__(self, place: Running, session: aiohttp.ClientSession, config: SimulatorConfig) -> None:
        self.url = place.url
        self.simulator = place.simulator
        self.world = place.simulator.world
        self.config = config
        self._session = session

    async def graph(
        self, path: str, body: dict[str, Any] | None = None, *, token: str = "a-token", method: str | None = None
    ) -> tuple[int, dict[str, Any]]:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        url = f"{self.url}/v26.0/{path}"
        name = method or ("GET" if body is None else "POST")
        async with self._session.request(name, url, json=body, headers=headers) as response:
            is_json = response.content_type == "application/json"
            return response.status, await response.json() if is_json else {}

    async def control(self, path: str, body: dict[str, Any] | None = None) -> Any:
        url = f"{self.url}/control{path}"
        async with self._session.request("GET" if body is None else "POST", url, json=body) as response:
            answer = await response.json()
            assert response.status == 200, answer
            return answer

    async def uploaded(self, node: str, data: bytes, kind: str, name: str = "file") -> str:
        """The id of a file the business uploaded; the answer as text where it was refused."""
        form = aiohttp.FormData({"messaging_product": "whatsapp", "type": kind})
        form.add_field("file", data, filename=name, content_type=kind.split(";")[0])
        headers = {"Authorization": "Bearer a-token"}
        async with self._session.post(f"{self.url}/v26.0/{node}/media", data=form, headers=headers) as response:
            answer = await response.json()
            return str(answer["id"] if response.status == 200 else answer["error"]["code"])

    async def said(self, customer: str, inbox: str, text: str) -> str:
        """A customer's message, acknowledged by the product; its id."""
        line = await self.control(f"/customers/{customer}/say", {"inbox": inbox, "text": text})
        await self.settled()
        return str(line["id"])

    async def settled(self) -> None:
        while self.simulator.receipts.travelling:
            await self.simulator.receipts.arrived()
        assert await self.world.sender.drained(10)

    def logged(self, event: str) -> list[dict[str, Any]]:
        assert self.config.log is not None
        lines = [json.loads(line) for line in self.config.log.read_text(encoding="utf-8").splitlines()]
        return [line for line in lines if line["event"] == event]


BUSINESSES: dict[str, Any] = {
    "sectors": {
        "hospitality": {"names": {"en": "Havana Café", "ar": "هافانا كافيه"}},
        "education": {"names": {"en": "School Catering", "ar": "تغذية المدارس"}},
        "financial": {
            "names": {"en": "Investment Services", "ar": "خدمات الاستثمار"},
            "priority_rules": [{"priority": "high", "ad_sources": ["120210000000000001"]}],
        },
    },
    "inboxes": {
        "cafe-whatsapp": {
            "sector": "hospitality",
            "channel": "whatsapp",
            "names": {"en": "Havana Café on WhatsApp", "ar": "هافانا كافيه على واتساب"},
            "external_id": "106540000000101",
            "account_id": "102290000000101",
            "portfolio_id": "700000000000001",
            "display": "+966 12 555 0101",
        },
        "school-messenger": {
            "sector": "education",
            "channel": "messenger",
            "names": {"en": "School Catering on Messenger", "ar": "تغذية المدارس على ماسنجر"},
            "external_id": "109870000000201",
            "display": "School Catering",
        },
        "desk-instagram": {
            "sector": "financial",
            "channel": "instagram",
            "names": {"en": "Investment Services on Instagram", "ar": "خدمات الاستثمار على إنستغرام"},
            "external_id": "17841400000000301",
            "page_id": "109870000000302",
            "display": "@investment.services",
        },
        "desk-whatsapp": {
            "sector": "financial",
            "channel": "whatsapp",
            "names": {"en": "Investment Services on WhatsApp", "ar": "خدمات الاستثمار على واتساب"},
            "external_id": "106540000000301",
            "account_id": "102290000000301",
            "portfolio_id": "700000000000002",
            "display": "+966 11 555 0301",
        },
    },
}
