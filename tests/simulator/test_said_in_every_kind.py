"""Everything an advisor can say is taken by the simulator as Meta takes it; its templates are read and sent."""

from typing import Any

import msgspec
import pytest
from msgspec.structs import replace
from simulator.meta_side import BUSINESSES, SECRET, Meta
from simulator.test_simulator_and_product import KINDS, RENDER

from server.channels import graph_templates, signals
from server.channels.graph import Accepted, Answer, GraphClient
from server.channels.graph_media import GraphMedia
from server.channels.media_forms import ToUpload
from server.domain import templates
from server.domain.channel_limits import LIMITS
from server.domain.inbound import Address
from server.domain.media import AttachmentKind
from server.domain.media_hosts import media_hosts
from server.domain.model import Channel
from server.domain.organisation import Inbox
from server.domain.outgoing import (
    AskContact,
    AskLocation,
    Audio,
    Button,
    Buttons,
    Card,
    Cards,
    Choices,
    Contacts,
    Document,
    Image,
    Link,
    Location,
    Media,
    Option,
    Outgoing,
    Person,
    Phone,
    Reaction,
    Section,
    Sticker,
    Template,
    Text,
    Video,
    kind_of,
)
from server.domain.template_parts import Preview
from server.domain.templates import Listed, Stored
from server.simulator.files import samples

INBOXES = ("cafe-whatsapp", "school-messenger", "desk-instagram")
BUTTONS = (Button("نعم", "YES"), Button("Open", url="https://majlis.example/offer"))
ROWS = tuple(Option(f"r{number}", f"Row {number}", "وصف") for number in range(5))
SAMPLES = {"image": "photo.jpg", "video": "clip.mp4", "audio": "song.m4a", "document": "menu.pdf",
           "sticker": "sticker.webp"}  # fmt: skip
TYPES = {"jpg": "image/jpeg", "mp4": "video/mp4", "m4a": "audio/mp4", "pdf": "application/pdf", "webp": "image/webp",
         "ogg": "audio/ogg"}  # fmt: skip
SAID: tuple[Outgoing, ...] = (
    Text("https://majlis.example 🙂", preview=True),
    Choices("كيف نساعدكم؟", ROWS[:3]),
    Choices("Which?", sections=(Section("Lunch", ROWS[:2]), Section("Dinner", ROWS[2:])), header="Menu", footer="Now"),
    Location(21.54, 39.17, "Havana Café", "Corniche Road"),
    Contacts((Person("Omar", (Phone("+201555010187"),), ("omar@majlis.example",), "Bank"),)),
    Image(1, "صورة"), Video(1, "Our kitchen"), Audio(1), Audio(1, voice=True), Document(1, "Read", "menu.pdf"),
    Sticker(1),
    Link("Our offer", "Open", "https://majlis.example/offer"),
    AskLocation("Where to?"), AskContact("Your number?"), Buttons("Which?", BUTTONS),
    Cards((Card("Grill", "Two", "https://majlis.example/a.jpg", "https://majlis.example", BUTTONS), Card("Tea", "x"))),
)  # fmt: skip


class Line:
    """One inbox of the simulator, called as the product does."""

    def __init__(self, meta: Meta, inbox_id: str, customer: str = "layla-mansour") -> None:
        self.meta = meta
        self.inbox = msgspec.convert({"id": inbox_id, **BUSINESSES["inboxes"][inbox_id]}, Inbox)
        person = meta.world.customers.get(customer)
        assert person is not None
        self.address = Address(KINDS[self.inbox.channel], person.identifier(meta.world.inboxes[inbox_id]))

    def client(self) -> GraphClient:
        return GraphClient(graph_url=self.meta.url, instagram_graph_url=self.meta.url, version="v26.0")

    async def send(self, outgoing: Outgoing) -> object:
        payload = RENDER[self.inbox.channel](outgoing, self.address, "out-1")
        async with self.client() as client:
            return await client.send(self.inbox, "a-token", payload, app_secret=SECRET)

    async def act(self, kind: str, provider_id: str) -> Answer:
        payload = signals.render(self.inbox.channel, kind, self.address, provider_id, may_mark=True, may_type=True)
        assert payload is not None
        async with self.client() as client:
            return await client.act(self.inbox, "a-token", payload, app_secret=SECRET)

    async def upload(self, kind: str, sample: str) -> str:
        data, mime_type = samples.data(sample), TYPES[sample.partition(".")[2]]

        async def read() -> Any:
            yield data

        file = ToUpload(kind=AttachmentKind(kind), mime_type=mime_type, name=sample, size=len(data), read=read)
        async with GraphMedia(
            graph_url=self.meta.url, instagram_graph_url=self.meta.url, version="v26.0",
            hosts=media_hosts((self.meta.url,)),
        ) as media:  # fmt: skip
            found = await media.upload(self.inbox, "a-token", file, app_secret=SECRET)
        assert isinstance(found, str), found
        return found

    async def with_file(self, outgoing: Outgoing) -> Outgoing:
        if not isinstance(outgoing, Media):
            return outgoing
        kind = kind_of(outgoing)
        sample = "voice.ogg" if outgoing.voice else SAMPLES[kind]
        if self.inbox.channel is not Channel.WHATSAPP:
            outgoing = replace(outgoing, caption="")
        if self.inbox.channel is Channel.INSTAGRAM:
            files = self.meta.world.files
            address = files.public_address(files.sample(sample, inbox=self.inbox.id), 300)
            return replace(outgoing, address=address if "://" in address else self.meta.url + address)
        return replace(outgoing, media_id=await self.upload(kind, sample))


@pytest.mark.parametrize("inbox", INBOXES)
@pytest.mark.parametrize("outgoing", SAID, ids=kind_of)
async def test_every_kind_is_taken_where_the_channel_has_it(meta: Meta, inbox: str, outgoing: Outgoing) -> None:
    line = Line(meta, inbox)
    channel = line.inbox.channel
    sections = isinstance(outgoing, Choices) and bool(outgoing.sections)
    if kind_of(outgoing) not in LIMITS[channel].sends or (sections and channel is not Channel.WHATSAPP):
        return
    await meta.said("layla-mansour", inbox, "مرحبا")
    outcome = await line.send(await line.with_file(outgoing))
    assert isinstance(outcome, Accepted), outcome
    assert [each.id for each in meta.simulator.acts.thread("layla-mansour", inbox).lines][-1] == outcome.provider_id


@pytest.mark.parametrize("inbox", INBOXES)
async def test_quotes_reactions_read_marks_and_typing_are_taken(meta: Meta, inbox: str) -> None:
    line = Line(meta, inbox)
    said = await meta.said("layla-mansour", inbox, "مرحبا")
    quoted = await line.send(Text("Good morning", said))
    assert isinstance(quoted, Accepted)
    assert meta.simulator.acts.thread("layla-mansour", inbox).lines[-1].reply_to == said
    for emoji in ("❤️", ""):
        outcome = await line.send(Reaction(said, emoji))
        assert isinstance(outcome, Accepted), outcome
        assert (outcome.provider_id is None) is (line.inbox.channel is not Channel.WHATSAPP)
    for kind in ("read", "typing"):
        assert (await line.act(kind, said)).good


def _filled(listed: Listed) -> Template | None:
    stored = Stored(account="", **{name: getattr(listed, name) for name in (
        "name", "language", "provider_id", "status", "category", "quality", "components")})  # fmt: skip
    form = templates.form(stored)
    if form is None or stored.status != templates.APPROVED:
        return None
    values: dict[str, Any] = {}
    for field in form.fields:
        if field.type in ("image", "video", "document"):
            values[field.key] = 1
        elif field.type == "location":
            values[field.key] = {"latitude": 21.5, "longitude": 39.1, "name": "Café", "address": "Corniche"}
        elif field.required:
            values[field.key] = (field.example or "value")[:20]
    return templates.fill(stored, values)


@pytest.mark.parametrize("inbox", ["cafe-whatsapp", "school-messenger"])
async def test_every_approved_template_is_read_filled_and_sent_after_the_day(meta: Meta, inbox: str) -> None:
    line = Line(meta, inbox)
    await meta.control("/customers/layla-mansour/set", {"inbox": inbox, "last_wrote_hours_ago": 40})
    account = templates.account_of(line.inbox)
    assert account is not None
    async with line.client() as client:
        listed = await graph_templates.read_all(client, line.inbox, account, "a-token", app_secret=SECRET)
    assert isinstance(listed, list)
    sent = 0
    for each in listed:
        filled = _filled(each)
        if filled is None:
            continue
        components = []
        for component in filled.components:
            parameters = [
                replace(parameter, media_id=await line.upload(parameter.type, SAMPLES[parameter.type]))
                if parameter.attachment_id else parameter
                for parameter in component.parameters
            ]  # fmt: skip
            components.append(replace(component, parameters=tuple(parameters)))
        outcome = await line.send(replace(filled, components=tuple(components)))
        assert isinstance(outcome, Accepted), (each.name, outcome)
        sent += 1
    assert sent >= 5


@pytest.mark.parametrize(("inbox", "code"), [("cafe-whatsapp", 132001), ("school-messenger", 100)])
async def test_a_template_meta_does_not_know_is_refused_as_meta_does(meta: Meta, inbox: str, code: int) -> None:
    unknown = Template("no_such_template", "en", Preview(body="b"), category="utility")
    outcome = await Line(meta, inbox).send(unknown)
    assert outcome.failure.code == code  # type: ignore[attr-defined]
