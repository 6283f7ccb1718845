"""Read marks and typing signs reach the customer beside the talk, and never hold it up."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from conftest import TestServices
from factories import make_conversation, make_customer, make_message, make_viewer
from playing_meta import Meta, drop, refuses

from server.actions import signals
from server.actions.lifecycle import mark_read
from server.actions.signals import Teller
from server.actions.tokens import Tokens
from server.actions.unit import Topic
from server.channels.graph import GraphClient
from server.domain.access import Viewer
from server.domain.conversation import Conversation
from server.domain.model import Channel
from server.store.vault import Vault, generate_key


@pytest.fixture
async def salma(services: TestServices) -> Viewer:
    return await make_viewer(services.pool, "Salma Fathy")


@pytest.fixture
def teller(services: TestServices, graph: GraphClient) -> Teller:
    return _teller(services, graph)


def _teller(services: TestServices, graph: GraphClient) -> Teller:
    return Teller(services, graph, Tokens(services, Vault([generate_key()]), default_token="TOKEN"))


async def talk_on(services: TestServices, viewer: Viewer, channel: Channel, **more: Any) -> Conversation:
    customer = await make_customer(services.pool, channel=channel)
    talk = await make_conversation(services.pool, owner=viewer, channel=channel, customer=customer, **more)
    await make_message(services.pool, talk.id, provider_id="wamid.Q")
    return talk


def set_up(services: TestServices, talk: Conversation, **inbox: bool) -> TestServices:
    organisation = services.organisation()
    changed = msgspec.structs.replace(organisation.inboxes[talk.inbox_id], **inbox)
    told = msgspec.structs.replace(organisation, inboxes=organisation.inboxes | {talk.inbox_id: changed})
    return msgspec.structs.replace(services, organisation=lambda: told)


@pytest.mark.parametrize(
    ("channel", "said"),
    [
        (Channel.WHATSAPP, {"messaging_product": "whatsapp", "status": "read", "message_id": "wamid.Q"}),
        (Channel.MESSENGER, {"sender_action": "mark_seen"}),
        (Channel.INSTAGRAM, {"sender_action": "mark_seen"}),
    ],
)
async def test_what_the_owner_reads_is_marked_read(
    services: TestServices, salma: Viewer, teller: Teller, meta: Meta, channel: Channel, said: dict[str, Any]
) -> None:
    talk = await talk_on(services, salma, channel)
    await mark_read(services, salma, talk.id, command_id="c1")
    await mark_read(services, salma, talk.id, command_id="c2")
    assert Topic.SIGNALS in services.waker.topics
    assert (await teller.tell_due(), await teller.tell_due()) == (1, 0)
    assert meta.sends[0].items() >= said.items()
    assert len(meta.sends) == 1


@pytest.mark.parametrize(
    ("channel", "said"),
    [
        (Channel.WHATSAPP, {"status": "read", "message_id": "wamid.Q", "typing_indicator": {"type": "text"}}),
        (Channel.MESSENGER, {"sender_action": "typing_on"}),
        (Channel.INSTAGRAM, {"sender_action": "typing_on"}),
    ],
)
async def test_the_owners_typing_is_told(
    services: TestServices, salma: Viewer, teller: Teller, meta: Meta, channel: Channel, said: dict[str, Any]
) -> None:
    talk = await talk_on(services, salma, channel)
    await signals.typing(services, salma, talk.id)
    await teller.tell_due()
    assert meta.sends[0].items() >= said.items()


async def test_nobody_elses_typing_is_told_and_none_into_a_closed_window(
    services: TestServices, salma: Viewer, teller: Teller, meta: Meta
) -> None:
    talk = await talk_on(services, salma, Channel.WHATSAPP)
    customer = await make_customer(services.pool)
    late = await make_conversation(
        services.pool, owner=salma, customer=customer, at=datetime.now(UTC) - timedelta(hours=25)
    )
    await signals.typing(services, await make_viewer(services.pool, "Nadia"), talk.id)
    await signals.typing(services, salma, late.id)
    assert await teller.tell_due() == 0
    assert Topic.SIGNALS not in services.waker.topics
    # A call opened it anew, without a word.
    await services.pool.execute("update conversation set touched_at = now() where id = $1", late.id)
    await signals.typing(services, salma, late.id)
    assert Topic.SIGNALS in services.waker.topics


@pytest.mark.parametrize("trouble", [refuses(131009), drop, refuses(190, status=401)])
async def test_a_sign_that_fails_is_forgotten(
    services: TestServices, salma: Viewer, teller: Teller, meta: Meta, trouble: Any
) -> None:
    talk = await talk_on(services, salma, Channel.WHATSAPP)
    await mark_read(services, salma, talk.id, command_id="c1")
    meta.script = [trouble]
    assert (await teller.tell_due(), await teller.tell_due()) == (1, 0)
    assert await services.pool.fetchval("select count(*) from inbox where paused_at is not null") == 0


async def test_what_is_late_is_worth_nothing(services: TestServices, salma: Viewer, teller: Teller, meta: Meta) -> None:
    talk = await talk_on(services, salma, Channel.WHATSAPP)
    await signals.typing(services, salma, talk.id)
    await services.pool.execute("update signal set wanted_at = now() - interval '16 seconds'")
    await teller.tell_due()
    assert meta.sends == []
    assert await services.pool.fetchval("select count(*) from signal") == 0


@pytest.mark.parametrize(
    ("channel", "settings", "told"),
    [
        (Channel.WHATSAPP, {"read_receipts": False}, []),
        (Channel.WHATSAPP, {"typing": False}, ["read"]),
        (Channel.MESSENGER, {"read_receipts": False}, ["typing"]),
        (Channel.MESSENGER, {"typing": False}, ["read"]),
    ],
)
async def test_an_inbox_may_tell_nothing(
    services: TestServices, salma: Viewer, graph: GraphClient, meta: Meta, channel: Channel,
    settings: dict[str, bool], told: list[str],
) -> None:  # fmt: skip
    talk = await talk_on(services, salma, channel)
    changed = set_up(services, talk, **settings)
    await mark_read(changed, salma, talk.id, command_id="c1")
    await signals.typing(changed, salma, talk.id)
    await _teller(changed, graph).tell_due()
    typing = ["typing" if "typing_indicator" in each or each.get("sender_action") == "typing_on" else "read"
              for each in meta.sends]  # fmt: skip
    assert typing == told


async def test_a_paused_inbox_is_left_alone(services: TestServices, salma: Viewer, teller: Teller, meta: Meta) -> None:
    talk = await talk_on(services, salma, Channel.WHATSAPP)
    await mark_read(services, salma, talk.id, command_id="c1")
    await services.pool.execute("update inbox set paused_at = now() where id = $1", talk.inbox_id)
    await teller.tell_due()
    assert meta.sends == []
