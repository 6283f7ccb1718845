"""The stand-in's side of sending: files taken, messages of every kind, reactions, templates, merged customers."""

import itertools
from typing import Any

import msgspec
from aiohttp import BodyPartReader, web
from console.stand_in_data import Json, iso, message, quote_of
from console.stand_in_media import attachment, sample
from console.stand_in_templates import templates
from console.stand_in_world import World

from server.domain import limits
from server.domain.model import Channel
from server.domain.saying import FillTemplate, Saying

_SAMPLES = {"image": "hills", "video": "film", "audio": "voice", "document": "paper", "sticker": "sticker"}
# What each stored sample is; the numbers are those of the scenes.
_FILES = {
    11: "hills",
    12: "dusk",
    13: "film",
    14: "voice",
    15: "voice",
    16: "paper",
    17: "sticker",
    21: "dusk",
    61: "film",
    62: "hills",
    65: "desert",
    66: "film",
    23: "hills",
    24: "desert",
    25: "dusk",
    26: "sticker",
    27: "voice",
    28: "paper",
    31: "desert",
    32: "voice",
    33: "paper",
    34: "hills",
}


class Speaking:
    def __init__(self, world: World) -> None:
        self.world = world
        self._ids = itertools.count(700)
        self._taken: dict[int, tuple[Json, bytes]] = {}

    def add_routes(self, app: web.Application) -> None:
        one = r"/api/conversations/{id:\d+}"
        app.router.add_get(r"/api/attachments/{id:\d+}/{part}", self.file)
        app.router.add_delete(r"/api/attachments/{id:\d+}", self.drop)
        app.router.add_post(one + "/attachments", self.upload)
        app.router.add_get(one + "/templates", self.listed)
        app.router.add_post(one + "/templates/refresh", self.refreshed)
        app.router.add_get(r"/api/messages/{id:\d+}/attempts", self.attempts)

    async def file(self, request: web.Request) -> web.Response:
        number = int(request.match_info["id"])
        if number in self._taken:
            told, content = self._taken[number]
            return _part(request, content, told["mime_type"])
        return _part(request, *sample(_FILES[number])) if number in _FILES else web.Response(status=404)

    async def drop(self, request: web.Request) -> web.Response:
        self._taken.pop(int(request.match_info["id"]), None)
        return web.Response(status=204)

    async def upload(self, request: web.Request) -> web.Response:
        fields: dict[str, str] = {}
        async for part in await request.multipart():
            assert isinstance(part, BodyPartReader)
            if part.name != "file":
                fields[part.name or ""] = await part.text()
                continue
            content = bytes(await part.read())
            await self.world.uploads_go.wait()
            number = next(self._ids)
            kind, voice = fields["kind"], fields.get("voice") == "true"
            told = attachment(
                number, kind, name=None, mime_type=part.headers.get("Content-Type", ""), size=len(content), voice=voice
            ) | {"name": part.filename}
            told |= {"thumbnail": f"/api/attachments/{number}/thumbnail" if kind == "image" else None}
            self._taken[number] = (told, content)
            self.world.uploads.append(told)
            return web.json_response({"attachment": told}, status=201)
        return web.Response(status=400)

    async def listed(self, _request: web.Request) -> web.Response:
        return web.json_response(templates(self.world.now()))

    async def refreshed(self, _request: web.Request) -> web.Response:
        return web.json_response({"synced_at": iso(self.world.now())})

    async def attempts(self, request: web.Request) -> web.Response:
        at = iso(self.world.now())
        number = int(request.match_info["id"])
        told = [one for each in self.world.threads.values() for one in each["messages"] if one["id"] == number]
        if told and told[0]["status"] == "queued":
            cut = {"code": 190, "title": "", "act": "wait", "words": "This channel is disconnected from Meta."}
            queued = {"state": "queued", "calls": 0, "queued_at": at, "sent_at": None, "ended_at": None, "failure": cut}
            return web.json_response({"attempts": [queued]})
        busy = {
            "code": 130429,
            "title": "",
            "words": "Meta asked us to slow down. Try again in a few minutes.",
            "act": "retry",
        }
        tried = [
            {"state": "failed", "calls": 3, "queued_at": at, "sent_at": at, "ended_at": at, "failure": busy},
            {"state": "accepted", "calls": 1, "queued_at": at, "sent_at": at, "ended_at": at, "failure": None},
        ]
        return web.json_response({"attempts": tried})

    async def say(self, number: int, body: Json) -> tuple[int, Json]:
        """Anything but words."""
        world, said = self.world, body["outgoing"]
        if refusal := world.stale(number, body):
            return 409, refusal
        if broken := _broken(world.summaries[number]["channel"], said):
            return 422, broken
        text = said.get("text") or said.get("caption") or said.get("name") or ""
        files = [self._taken[said["attachment_id"]][0]] if "attachment_id" in said else []
        if said["kind"] == "template":
            [found] = [
                one
                for one in templates(world.now())["templates"]
                if (one["name"], one["language"]) == (said["name"], said["language"])
            ]
            text = found["body"]
            for key, value in said["values"].items():
                text = text.replace(f"{{{{{key.partition('.')[2]}}}}}", str(value))
            said = said | {
                "preview": {
                    "header": found["header"],
                    "body": text,
                    "footer": found["footer"],
                    "buttons": found["buttons"],
                }
            }
        sent = message(
            next(world.ids),
            number,
            "advisor",
            text,
            iso(world.now()),
            kind=said["kind"],
            body=said,
            attachments=files,
            status="queued",
        )
        if quoted := next(
            (one for one in world.threads[number]["messages"] if one["id"] == body.get("reply_to")), None
        ):
            sent["reply_to"] = quote_of(quoted)
        await world.said(sent, "MessageQueued", f"user:{world.me['id']}", actor_name=world.me["name"])
        return 201, {"message": sent, "version": world.summaries[number]["version"], "also": []}

    async def react(self, home: int, number: int, emoji: str) -> tuple[int, Json]:
        found = self.world.message(home, number)
        found["reactions"] = [one for one in found["reactions"] if one["by"] != "business"]
        found["reactions"] += [{"emoji": emoji, "by": "business"}] if emoji else []
        await self.world.push(
            home, "MessageReacted", message=found, data={"message_id": number, "by": "business", "emoji": emoji}
        )
        return 201, {"message": found, "version": self.world.summaries[home]["version"], "also": []}


def _broken(channel: str, said: Json) -> Json | None:
    """What the server would refuse, in its words and by its names."""
    outgoing = msgspec.convert(said, Saying, strict=True)
    if isinstance(outgoing, FillTemplate):
        return None
    for each in limits.breaks(Channel(channel), outgoing):
        wrong = {"field": each.extra["field"], "detail": each.words}
        return {
            "type": "/problems/invalid",
            "title": "Not valid",
            "status": 422,
            "detail": each.words,
            "errors": [wrong],
        }
    return None


def _part(request: web.Request, content: bytes, mime_type: str) -> web.Response:
    """What was asked for: players go on from where one is."""
    asked = request.http_range
    headers = {"Accept-Ranges": "bytes"}
    if asked.start is None:
        return web.Response(body=content, content_type=mime_type, headers=headers)
    end = min(asked.stop or len(content), len(content))
    headers["Content-Range"] = f"bytes {asked.start}-{end - 1}/{len(content)}"
    return web.Response(status=206, body=content[asked.start : end], content_type=mime_type, headers=headers)


def sent_kinds(world: World) -> list[Any]:
    """What the console asked to send, in its order."""
    return [body["outgoing"] for _, path, body in world.requests if path.endswith("/messages") and "outgoing" in body]
