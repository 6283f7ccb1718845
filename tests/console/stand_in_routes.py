"""The stand-in's HTTP side: each route answers from the world; a repeated command gets its first answer."""

from typing import Any

from aiohttp import web
from console.stand_in_data import Json, iso
from console.stand_in_people import People
from console.stand_in_speaking import Speaking
from console.stand_in_world import World


def add_routes(app: web.Application, world: World) -> None:
    speaking = Speaking(world)
    speaking.add_routes(app)
    People(world).add_routes(app)
    routes = _Routes(world, speaking)
    one = r"/api/conversations/{id:\d+}"
    app.router.add_get("/api/inbox", routes.inbox)
    app.router.add_get("/api/conversations", routes.listed)
    app.router.add_get(one, routes.opened)
    app.router.add_get(one + "/messages", routes.older)
    app.router.add_get(one + "/timers", routes.timers)
    app.router.add_put(one + "/draft", routes.draft)
    app.router.add_post(one + "/{verb}", routes.conversation_command)
    app.router.add_post(r"/api/messages/{id:\d+}/{verb}", routes.message_command)
    app.router.add_post(r"/api/offers/{id:\d+}/{verb}", routes.offer_command)
    app.router.add_post("/api/me/presence", routes.presence)
    app.router.add_patch("/api/me", routes.preferences)
    app.router.add_get("/api/transfer-targets", routes.targets)


class _Routes:
    def __init__(self, world: World, speaking: Speaking) -> None:
        self.world = world
        self.speaking = speaking

    async def inbox(self, _request: web.Request) -> web.Response:
        return web.json_response(self.world.inbox())

    async def listed(self, _request: web.Request) -> web.Response:
        done = [of for of in self.world.summaries.values() if of["state"] == "resolved"]
        return web.json_response({"conversations": done, "next": None})

    async def opened(self, request: web.Request) -> web.Response:
        number = _number(request)
        if number not in self.world.threads:
            return _problem(404, "not-found", "There is no such conversation.")
        return web.json_response(self.world.opened(number))

    async def older(self, request: web.Request) -> web.Response:
        before = int(request.query["before"])
        all_of_it = self.world.threads[_number(request)]["messages"]
        older = [one for one in all_of_it if one["id"] < before]
        return web.json_response({"messages": older[-50:], "more": len(older) > 50})

    async def timers(self, request: web.Request) -> web.Response:
        return web.json_response({"timers": self.world.threads[_number(request)]["timers"]})

    async def draft(self, request: web.Request) -> web.Response:
        self.world.threads[_number(request)]["draft"] = (await request.json())["text"]
        return web.json_response({})

    async def conversation_command(self, request: web.Request) -> web.Response:
        return await self._once(request, self._on_conversation)

    async def message_command(self, request: web.Request) -> web.Response:
        async def run(request: web.Request, body: Json) -> tuple[int, Json]:
            number = _number(request)
            home = next(
                key for key, held in self.world.threads.items() if any(one["id"] == number for one in held["messages"])
            )
            if request.match_info["verb"] == "reaction":
                return await self.speaking.react(home, number, body["emoji"])
            status = {"retry": "queued", "discard": "discarded"}[request.match_info["verb"]]
            await self.world.moves(home, number, status, failure=None, uncertain=False)
            return 200, {}

        return await self._once(request, run)

    async def offer_command(self, request: web.Request) -> web.Response:
        async def run(request: web.Request, _body: Json) -> tuple[int, Json]:
            number = _number(request)
            offer = next((one for one in self.world.offers if one["id"] == number), None)
            if offer is None:
                return 409, {
                    "type": "/problems/offer-gone",
                    "title": "Gone",
                    "status": 409,
                    "detail": "The offer ran out.",
                }
            home = offer["conversation"]["id"]
            if request.match_info["verb"] == "decline":
                await self.world.end_offer(number, "OfferDeclined")
                return 200, {}
            me = self.world.me
            await self.world.change(home, "ConversationAssigned", f"{me['name']} took it", state="assigned",
                                    owner={"id": me["id"], "name": me["name"]})  # fmt: skip
            await self.world.end_offer(number, "OfferAccepted")
            return 200, {"conversation_id": home}

        return await self._once(request, run)

    async def presence(self, request: web.Request) -> web.Response:
        self.world.me["presence"] = (await request.json())["presence"]
        return web.json_response({})

    async def preferences(self, request: web.Request) -> web.Response:
        self.world.me["preferences"] |= (await request.json())["preferences"]
        return web.json_response(self.world.me)

    async def targets(self, _request: web.Request) -> web.Response:
        return web.json_response(self.world.targets)

    async def _on_conversation(self, request: web.Request, body: Json) -> tuple[int, Json]:
        world, number, verb = self.world, _number(request), request.match_info["verb"]
        if verb == "replies":
            return await world.reply(number, body)
        if verb == "messages":
            return await self.speaking.say(number, body)
        if verb == "notes":
            me = world.me
            note = {"id": len(world.feed) + 900, "author": {"id": me["id"], "name": me["name"]}, "text": body["text"],
                    "at": iso(world.now())}  # fmt: skip
            world.threads[number]["notes"].append(note)
            await world.push(number, "NoteAdded", actor=f"user:{me['id']}", note=note)
            return 201, note
        if verb == "labels":
            if body["label"] == world.refused_label:
                return 422, {"type": "/problems/invalid", "title": "Invalid", "status": 422,
                             "detail": "This sector does not use this label."}  # fmt: skip
            await world.label(number, body["label"], on=body["on"])
        elif verb == "read":
            await world.change(number, "ConversationRead", unread=0)
        elif verb == "resolve":
            await world.change(number, "ConversationResolved", "Resolved", state="resolved", timer=None)
        elif verb in ("hand-back", "transfer"):
            await world.change(number, "ConversationQueued", "Back in the queue", state="queued", owner=None)
        return 200, {}

    async def _once(self, request: web.Request, run: Any) -> web.Response:
        body = await request.json()
        key = body["command_id"]
        if key not in self.world.commands:
            self.world.commands[key] = await run(request, body)
        status, answer = self.world.commands[key]
        kind = "application/problem+json" if status >= 400 else "application/json"
        return web.json_response(answer, status=status, content_type=kind)


def _number(request: web.Request) -> int:
    return int(request.match_info["id"])


def _problem(status: int, kind: str, detail: str) -> web.Response:
    return web.json_response(
        {"type": f"/problems/{kind}", "title": detail, "status": status, "detail": detail}, status=status
    )
