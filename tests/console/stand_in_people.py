"""Customers as people, for the stand-in: found, read, merged, parted."""

from typing import Any

from aiohttp import web
from console.stand_in_data import Json, iso
from console.stand_in_world import World


class People:
    def __init__(self, world: World) -> None:
        self.world = world
        self.merges: list[Json] = []

    def add_routes(self, app: web.Application) -> None:
        app.router.add_get("/api/contacts", self.search)
        app.router.add_get(r"/api/contacts/{id:\d+}", self.person)
        app.router.add_post(r"/api/contacts/{id:\d+}/merge", self.merge)
        app.router.add_post(r"/api/merges/{id:\d+}/undo", self.undo)

    async def search(self, request: web.Request) -> web.Response:
        wanted = request.query["search"].casefold()
        found = [of for of in self.world.summaries.values() if wanted in of["contact"]["name"].casefold()]
        return web.json_response({"contacts": [{"contact": of["contact"], "conversation": of} for of in found]})

    async def person(self, request: web.Request) -> web.Response:
        number = int(request.match_info["id"])
        talks = [of for of in self.world.summaries.values() if of["contact"]["id"] == number]
        identity = {"id": number, "kind": "phone", "label": f"+971 50 000 0{number}", "name": "", "picture": None}
        return web.json_response({
            "id": number, "name": talks[0]["contact"]["name"], "username": None, "picture": None,
            "identities": [identity], "conversations": talks, "may_merge": True,
            "merges": [one for one in self.merges if one["kept"] == number],
        })  # fmt: skip

    async def merge(self, request: web.Request) -> web.Response:
        number, body = int(request.match_info["id"]), await request.json()
        self.merges.append(self._made(number, body["other_id"]))
        await self._tell(number, "ContactsMerged")
        return web.json_response({"merge_id": self.merges[-1]["id"], "contact_id": number})

    async def undo(self, request: web.Request) -> web.Response:
        found = next(one for one in self.merges if one["id"] == int(request.match_info["id"]))
        found |= {"undone_at": iso(self.world.now()), "may_undo": False}
        await self._tell(found["kept"], "ContactsSeparated")
        return web.json_response({"merge_id": found["id"], "contact_id": found["kept"], "other_id": found["other"]})

    async def _tell(self, number: int, kind: str) -> Any:
        home = next(of["id"] for of in self.world.summaries.values() if of["contact"]["id"] == number)
        await self.world.push(home, kind)

    def _made(self, kept: int, other: int) -> Json:
        return {
            "id": len(self.merges) + 1, "by": "person", "by_name": self.world.me["name"], "at": iso(self.world.now()),
            "identities": [other], "undone_at": None, "undone_by_name": None, "may_undo": True, "kept": kept,
            "other": other,
        }  # fmt: skip
