"""Files both ways, with the simulator as Meta: written apart from the product, from the same facts."""

import contextlib
import itertools
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import msgspec
import pytest
from aiohttp import web
from arriving import apply_all, deliver
from conftest import TestServices
from delivering import VAULT
from factories import make_viewer
from media.filing import bytes_of
from media.making_files import PDF, picture, sound

from server.actions import media_uploads, speak
from server.actions.deliver import Deliverer
from server.actions.media import Fetcher
from server.actions.media_links import Links
from server.actions.media_sending import Bringer
from server.actions.media_uploads import Told
from server.actions.tokens import Tokens
from server.channels.graph import GraphClient
from server.channels.graph_media import GraphMedia
from server.domain.access import Viewer
from server.domain.media_hosts import media_hosts
from server.domain.outgoing import Audio, Document, Image
from server.files.folder import FolderStore
from server.files.scratch import scratch
from server.simulator import inboxes
from server.simulator.config import SimulatorConfig
from server.simulator.serving import Running, running

PICTURE = picture()
_commands = (f"command-{number:06d}" for number in itertools.count())
# What Meta gives an address of, without saying what lies there.
PASSED_ON = ("story_mention", "story_reply", "post", "reel")
PASSED_ON_AS = {
    "photo.jpg": ("image", "image/jpeg"), "picture.png": ("image", "image/png"), "clip.mp4": ("video", "video/mp4"),
}  # fmt: skip
INBOXES = ("financial-whatsapp", "financial-messenger", "financial-instagram")


class Stage:
    """The product's actions on one side, the simulator on the other; deliveries are kept until they are applied."""

    def __init__(self, services: TestServices, place: Running, bodies: list[bytes]) -> None:
        self.services = services
        self.place = place
        self._bodies = bodies
        self.tokens = Tokens(services, VAULT, default_token="TOKEN")
        self._http = aiohttp.ClientSession()

    async def close(self) -> None:
        await self._http.close()

    async def customer(self, act: str, **what: Any) -> Any:
        url = f"{self.place.url}/control/customers/sara-khalil/{act}"
        async with self._http.post(url, json=what) as response:
            answer = await response.json()
            assert response.status == 200, answer
        assert await self.place.simulator.world.sender.drained(10)
        return answer

    async def control(self, **switches: Any) -> None:
        async with self._http.post(f"{self.place.url}/control", json=switches) as response:
            assert response.status == 200, await response.text()

    async def thread(self, inbox: str) -> list[dict[str, Any]]:
        async with self._http.get(f"{self.place.url}/control/customers/sara-khalil/thread?inbox={inbox}") as response:
            return list((await response.json())["lines"])

    async def arrive(self) -> None:
        bodies, self._bodies[:] = list(self._bodies), []
        await deliver(self.services, *bodies)
        await apply_all(self.services)

    @contextlib.asynccontextmanager
    async def graph(self) -> AsyncIterator[GraphMedia]:
        url = self.place.url
        async with GraphMedia(
            graph_url=url, instagram_graph_url=url, version="v26.0", hosts=media_hosts([url]), timeout_seconds=5
        ) as graph:
            yield graph

    async def fetch(self) -> None:
        async with self.graph() as graph:
            await Fetcher(self.services, graph, self.tokens).fetch_due()

    async def attachments(self) -> list[dict[str, Any]]:
        return [dict(row) for row in await self.services.pool.fetch("select * from attachment order by id")]


@pytest.fixture
async def stage(services: TestServices, tmp_path: Path) -> AsyncIterator[Stage]:
    bodies: list[bytes] = []

    async def take(request: web.Request) -> web.Response:
        bodies.append(await request.read())
        return web.Response()

    app = web.Application()
    app.router.add_post("/webhooks/meta", take)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    config = SimulatorConfig(
        callback=f"http://127.0.0.1:{runner.addresses[0][1]}/webhooks/meta", inboxes=inboxes.read().inboxes,
        secret="a-secret", verify_token="verify-me", pace=0.0, seed=7,
    )  # fmt: skip
    keeping = msgspec.structs.replace(services, files=FolderStore(tmp_path / "files"))
    async with running(config) as place:
        made = Stage(keeping, place, bodies)
        yield made
        await made.close()
    await runner.cleanup()


@pytest.mark.parametrize(
    ("inbox", "kind", "file"),
    [
        (INBOXES[0], "image", "photo.jpg"), (INBOXES[0], "image", "picture.png"), (INBOXES[0], "video", "clip.mp4"),
        (INBOXES[0], "audio", "song.m4a"), (INBOXES[0], "voice", "voice.ogg"), (INBOXES[0], "sticker", "sticker.webp"),
        (INBOXES[0], "sticker", "sticker-animated.webp"), (INBOXES[0], "document", "menu.pdf"),
        (INBOXES[0], "document", "letter.docx"), (INBOXES[0], "document", "notes.txt"),
        (INBOXES[1], "image", "photo.jpg"), (INBOXES[1], "video", "clip.mp4"), (INBOXES[1], "audio", "song.m4a"),
        (INBOXES[1], "document", "menu.pdf"), (INBOXES[1], "sticker", "sticker.webp"),
        (INBOXES[2], "image", "picture.png"), (INBOXES[2], "video", "clip.mp4"), (INBOXES[2], "audio", "song.m4a"),
        (INBOXES[2], "story_mention", "photo.jpg"), (INBOXES[2], "story_mention", "clip.mp4"),
        (INBOXES[2], "story_reply", "photo.jpg"), (INBOXES[2], "story_reply", "clip.mp4"),
        (INBOXES[2], "post", "picture.png"), (INBOXES[2], "post", "clip.mp4"), (INBOXES[2], "reel", "clip.mp4"),
        (INBOXES[1], "post", "picture.png"), (INBOXES[1], "reel", "clip.mp4"),
    ],
)  # fmt: skip
async def test_every_sort_of_file_arrives_whole(stage: Stage, inbox: str, kind: str, file: str) -> None:
    await stage.customer("send", inbox=inbox, kind=kind, file=file)
    await stage.arrive()
    await stage.fetch()
    [found] = await stage.attachments()
    assert (found["state"], found["reason"]) == ("stored", None)
    sample = Path(inboxes.__file__).parent / "assets" / "samples" / file
    assert await bytes_of(stage.services.files, found["storage_key"]) == sample.read_bytes()
    assert bool(found["thumbnail_key"]) is file.endswith((".jpg", ".png", ".mp4", ".webp"))
    if file in ("voice.ogg", "song.m4a", "clip.mp4"):
        assert found["duration_seconds"] > 0
    if kind == "voice":
        assert found["voice"]
    if kind in PASSED_ON:
        assert (found["kind"], found["mime_type"]) == PASSED_ON_AS[file]


@pytest.mark.parametrize(
    ("inbox", "kind"), [(INBOXES[1], "post"), (INBOXES[1], "reel"), *((INBOXES[2], kind) for kind in PASSED_ON)]
)
async def test_a_link_to_a_page_stays_a_link(stage: Stage, inbox: str, kind: str) -> None:
    await stage.customer("send", inbox=inbox, kind=kind, url="https://www.instagram.com/p/AbC")
    await stage.arrive()
    await stage.fetch()
    [found] = await stage.attachments()
    assert (found["state"], found["reason"], found["url"]) == ("failed", "link_only", None)
    body = await stage.services.pool.fetchval("select body from message where direction = 'inbound'")
    [thing] = [body[name] for name in ("story", "post", "reel") if name in body]
    assert (thing["url"], thing["file"]) == ("https://www.instagram.com/p/AbC", 0)


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        ("missing", ("failed", "gone")),
        ("expired", ("failed", "gone")),
        ("digest", ("failed", "damaged")),
        ("oversize", ("failed", "too_large")),
        ("lying_size", ("failed", "too_large")),
        ("type", ("failed", "program")),
        ("redirect", ("failed", "unsafe_address")),
        ("private", ("failed", "unsafe_address")),
        ("drop", ("waiting", "unreachable")),
        ("server_error", ("waiting", "unreachable")),
        ("unauthorised", ("waiting", "no_access")),
    ],
)
async def test_a_bad_file_is_told_and_delays_nothing(stage: Stage, fault: str, outcome: tuple[str, str]) -> None:
    sent = {"inbox": INBOXES[0], "kind": "image", "file": "picture.png"}
    await stage.customer("send", **sent, text="My passport", fault=fault)
    await stage.customer("send", **sent, text="And again")
    await stage.arrive()
    await stage.fetch()
    bad, good = await stage.attachments()
    assert (bad["state"], bad["reason"]) == outcome
    assert bad["storage_key"] is None
    assert (good["state"], good["reason"]) == ("stored", None)
    texts = [row["text"] for row in await stage.services.pool.fetch("select text from message order by id")]
    assert "My passport" in texts


async def test_the_same_delivery_again_fetches_nothing_again(stage: Stage) -> None:
    await stage.control(duplicates=1.0)
    await stage.customer("send", inbox=INBOXES[0], kind="image")
    await stage.arrive()
    await stage.fetch()
    before = await stage.attachments()
    await stage.customer("send", inbox=INBOXES[0], kind="text", text="Hello?")
    await stage.arrive()
    await stage.fetch()
    assert await stage.attachments() == before


async def _assigned(stage: Stage, inbox: str) -> tuple[Viewer, int, int]:
    """Somebody, their conversation with the customer, and its version."""
    await stage.customer("say", inbox=inbox, text="Hello")
    await stage.arrive()
    salma = await make_viewer(stage.services.pool)
    row = await stage.services.pool.fetchrow("select id from conversation order by id desc limit 1")
    assert row is not None
    await stage.services.pool.execute(
        "with over as (delete from waiting) update conversation set state = 'assigned', owner_id = $1", salma.user_id
    )
    await stage.services.pool.execute("delete from outbox")
    version = await stage.services.pool.fetchval("select version from conversation where id = $1", row["id"])
    return salma, row["id"], version


@pytest.mark.parametrize("inbox", INBOXES)
@pytest.mark.parametrize("sort", ["picture", "voice", "document"])
async def test_what_people_upload_reaches_the_customer(stage: Stage, inbox: str, sort: str, tmp_path: Path) -> None:
    salma, conversation_id, version = await _assigned(stage, inbox)
    sorts: dict[str, tuple[bytes, Told, type[Image | Audio | Document]]] = {
        "picture": (PICTURE, Told(name="menu.png", mime_type="image/png"), Image),
        "voice": (sound(tmp_path / "v"), Told(name="v.webm", mime_type="audio/webm", voice=True), Audio),
        "document": (PDF, Told(name="عرض.pdf", mime_type="application/pdf"), Document),
    }
    data, told, kind = sorts[sort]
    services = stage.services
    place = await media_uploads.admit(services, salma, conversation_id)
    async with scratch() as file:
        await file.write(data)
        upload = await media_uploads.take(services, salma, place, file, told)
    await speak.speak(
        services, salma, conversation_id, command_id=next(_commands), saying=kind(attachment_id=upload.id),
        based_on_version=version,
    )  # fmt: skip
    url = stage.place.url
    async with stage.graph() as graph, GraphClient(graph_url=url, instagram_graph_url=url, version="v26.0") as sending:
        deliverer = Deliverer(
            services, sending, VAULT, default_token="TOKEN", links=Links("https://majlis.example", VAULT)
        )
        if not inbox.endswith("instagram"):
            # It waits for its file.
            assert await deliverer.deliver_due() == 0
        await Bringer(services, graph, stage.tokens).bring_due()
        assert await deliverer.deliver_due() == 1
    status = await services.pool.fetchval("select status from message where direction = 'outbound' order by id desc")
    assert status == "accepted"
    line = (await stage.thread(inbox))[-1]
    assert line["author"] != "customer"
    assert line["kind"] in ({"picture": "image", "document": "document"}.get(sort), "audio", "voice", "file")
