"""Files a business uploads, names by id or puts on the web: their limits (facts §5, §6) and how a phone shows them."""

from typing import Any
from urllib.parse import unquote, urlsplit

import aiohttp
import msgspec

from server.simulator.config import SimulatedInbox
from server.simulator.files.store import REUSABLE_SECONDS, UPLOADED_SECONDS, File
from server.simulator.graph import refusals
from server.simulator.graph.calls import Upload
from server.simulator.threads import Media
from server.simulator.world import World

KB, MB = 1024, 1024 * 1024
LOOPBACK = ("127.0.0.1", "localhost", "::1")
FETCH_SECONDS = 10

_OFFICE = "application/vnd.openxmlformats-officedocument."
# WhatsApp takes these and no more: the kind, its types, its most bytes.
WHATSAPP: dict[str, tuple[tuple[str, ...], int]] = {
    "audio": (("audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg", "audio/opus"), 16 * MB),
    "document": (
        (
            "text/plain", "application/pdf", "application/msword", "application/vnd.ms-excel",
            "application/vnd.ms-powerpoint", f"{_OFFICE}wordprocessingml.document", f"{_OFFICE}spreadsheetml.sheet",
            f"{_OFFICE}presentationml.presentation",
        ),
        100 * MB,
    ),
    "image": (("image/jpeg", "image/png"), 5 * MB),
    "sticker": (("image/webp",), 500 * KB),
    "video": (("video/mp4", "video/3gpp"), 16 * MB),
}  # fmt: skip
MESSAGING = {"image": 8 * MB, "video": 25 * MB, "audio": 25 * MB, "file": 25 * MB}


class Fetched(msgspec.Struct):
    """What lay at an address; `problem` where nothing usable did."""

    file: File | None
    problem: str = ""


def take_whatsapp(world: World, inbox: SimulatedInbox, upload: Upload, said: str) -> File:
    """Raises `Refusal` for a type or a size Meta does not take."""
    kind = (said or upload.mime_type).split(";")[0].strip().lower()
    fitting = [(name, most) for name, (types, most) in WHATSAPP.items() if kind in types]
    if not fitting:
        raise refusals.invalid(f"Param file must be a file with one of the supported types, not '{kind}'.")
    if not upload.data:
        raise refusals.invalid("Param file must not be empty.")
    if len(upload.data) > fitting[0][1]:
        raise refusals.of_code(131053, f"The {fitting[0][0]} is larger than {fitting[0][1]} bytes.")
    return world.files.keep(
        upload.data, said or upload.mime_type, name=upload.name, inbox=inbox.id, lives=UPLOADED_SECONDS, outbound=True
    )


def take_messaging(world: World, inbox: SimulatedInbox, upload: Upload, kind: str) -> File:
    if kind not in MESSAGING:
        raise refusals.of_code(100, channel=inbox.channel, subcode=2018047)
    if len(upload.data) > MESSAGING[kind]:
        raise refusals.of_code(100, channel=inbox.channel, subcode=2018109)
    return world.files.keep(
        upload.data, upload.mime_type, name=upload.name, inbox=inbox.id, lives=REUSABLE_SECONDS, outbound=True
    )


def whatsapp_media(
    world: World, inbox: SimulatedInbox, kind: str, content: dict[str, Any], fetched: dict[str, Fetched]
) -> tuple[list[Media], str]:
    """The file of a message or of its header, and what is wrong with it: Meta tells that by a failed status."""
    number, link, name = (
        str(content.get("id") or ""),
        str(content.get("link") or ""),
        str(content.get("filename") or ""),
    )
    if number:
        file = world.files.get(number)
        if file is None or file.inbox not in ("", inbox.id):
            raise refusals.wrong_value(f"Param {kind}['id'] is not a valid media id: {number}.")
        wrong = _misfit(kind, file, voice=content.get("voice") is True)
        return [_media(kind, file, name=name, voice=content.get("voice") is True)], wrong
    found = fetched.get(link)
    if found is None:
        return [Media(id="", mime_type="", source="", kind=kind, name=name or _last(link))], ""
    if found.file is None:
        return [], found.problem
    return [_media(kind, found.file, name=name, voice=False)], _misfit(kind, found.file, voice=False)


def messaging_media(
    world: World, inbox: SimulatedInbox, files: list[dict[str, str]], upload: Upload | None, fetched: dict[str, Fetched]
) -> list[Media]:
    """Raises `Refusal`."""
    shown = []
    for each in files:
        kind, url, number = each["kind"], each["url"], each["attachment_id"]
        if number:
            kept = world.files.get(number)
            if kept is None or kept.inbox not in ("", inbox.id):
                raise refusals.of_code(100, channel=inbox.channel, subcode=2018074)
            shown.append(_media(kind, kept, name=kept.name, voice=False))
        elif url:
            found = fetched.get(url, Fetched(file=None))
            if found.problem:
                raise refusals.of_code(100, channel=inbox.channel, subcode=2018008)
            if found.file is not None and len(found.file.data) > MESSAGING[kind]:
                raise refusals.of_code(100, channel=inbox.channel, subcode=2018109)
            blank = Media(id="", mime_type="", source="", kind=kind, name=_last(url))
            shown.append(_media(kind, found.file, name=found.file.name, voice=False) if found.file else blank)
        elif upload is not None:
            shown.append(_media(kind, take_messaging(world, inbox, upload, kind), name=upload.name, voice=False))
        else:
            raise refusals.of_code(100, channel=inbox.channel, subcode=2018008)
    return shown


async def fetch_links(world: World, body: object) -> dict[str, Fetched]:
    """What lies at the addresses a send names, where they are on this machine; others are believed unseen."""
    links = [link for link in _links(body) if urlsplit(link).hostname in LOOPBACK]
    return {link: await _fetch(world, link) for link in links}


async def _fetch(world: World, link: str) -> Fetched:
    try:
        timeout = aiohttp.ClientTimeout(total=FETCH_SECONDS)
        async with aiohttp.ClientSession(timeout=timeout) as session, session.get(link) as response:
            if response.status != 200:
                return Fetched(None, f"Downloading the media failed with status {response.status}.")
            data = await response.content.read(100 * MB + 1)
            return Fetched(world.files.keep(data, response.content_type, name=_last(link), outbound=True))
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
        return Fetched(None, f"Downloading the media failed: {type(error).__name__}.")


def _links(value: object) -> list[str]:
    if isinstance(value, dict):
        own = [value[key] for key in ("link", "url") if isinstance(value.get(key), str) and "payload" not in value]
        own = own if value.get("type") != "web_url" and "display_text" not in value else []
        return own + [link for key, each in value.items() if key != "buttons" for link in _links(each)]
    return [link for each in value for link in _links(each)] if isinstance(value, list) else []


def _misfit(kind: str, file: File, *, voice: bool) -> str:
    types, most = WHATSAPP[kind]
    plain = file.mime_type.split(";")[0].strip().lower()
    if plain not in types:
        return f"A {kind} cannot be of type {plain}."
    if voice and (plain != "audio/ogg" or b"OpusHead" not in file.data[:512]):
        return "A voice message must be OGG with the Opus codec."
    if plain == "audio/ogg" and b"OpusHead" in file.data[:512] and file.data[file.data.index(b"OpusHead") + 9] != 1:
        return "OGG audio must have one channel."
    if kind == "sticker" and len(file.data) > 100 * KB and b"ANIM" not in file.data[:64]:
        return "A static sticker may have 100 KB at most."
    return f"A {kind} may have {most} bytes at most." if len(file.data) > most else ""


def _media(kind: str, file: File, *, name: str, voice: bool) -> Media:
    return Media(
        id=file.id,
        mime_type=file.mime_type,
        source=f"/files/{file.id}",
        kind=kind,
        name=name or file.name,
        size=len(file.data),
        voice=voice,
        animated=kind == "sticker" and b"ANIM" in file.data[:64],
    )


def _last(link: str) -> str:
    return unquote(urlsplit(link).path.rpartition("/")[2])[:120]
