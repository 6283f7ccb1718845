"""Windows, opt-outs and prices, from Meta's webhooks to the next send: facts §2.1, §5.1, §6."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from arriving import deliver, inbox_of, messaging, whatsapp, whatsapp_status, whatsapp_value
from conftest import TestServices
from delivering import another, message, rows, say, talk
from factories import make_conversation, make_customer, make_viewer
from playing_meta import Meta, accept, refuses, says

from server.actions import windows
from server.actions.deliver import Deliverer
from server.actions.reply import reply, retry
from server.actions.send import send
from server.actions.unit import unit
from server.channels.graph import GraphClient
from server.domain.errors import WindowClosed
from server.domain.model import Author, Channel, Purpose
from server.domain.organisation import Organisation
from server.domain.outgoing import Template, Text
from server.domain.template_parts import Preview
from server.domain.window import Allowed, By, Closed, Reason
from server.store import attempts

_AD = {"source_type": "ad", "source_id": "120200000000001", "source_url": "https://fb.me/x", "ctwa_clid": "AR1"}


def granting_human_agent(services: TestServices, channel: Channel) -> TestServices:
    """The same services under an organisation whose financial inbox has the human agent feature."""
    known = services.organisation()
    inbox_id = f"financial-{channel}"
    inbox = msgspec.structs.replace(known.inboxes[inbox_id], human_agent=True)
    granted: Organisation = msgspec.structs.replace(known, inboxes=known.inboxes | {inbox_id: inbox})
    return TestServices(
        **{name: getattr(services, name) for name in services.__struct_fields__} | {"organisation": lambda: granted}
    )


async def silent_for(services: TestServices, channel: Channel, hours: float) -> Any:
    """A conversation of Salma's whose customer last wrote so long ago."""
    salma = await make_viewer(services.pool, "Salma Fathy")
    customer = await make_customer(services.pool, channel=channel)
    at = datetime.now(UTC) - timedelta(hours=hours)
    return salma, await make_conversation(services.pool, owner=salma, channel=channel, customer=customer, at=at)


async def ask(services: TestServices, conversation_id: int, **more: Any) -> Allowed | Closed:
    async with unit(services) as work:
        return await windows.ask(work, await work.lock(conversation_id), **more)


@pytest.mark.parametrize("channel", [Channel.MESSENGER, Channel.INSTAGRAM])
async def test_a_person_answers_days_later_where_meta_granted_it(
    services: TestServices, graph: GraphClient, meta: Meta, channel: Channel
) -> None:
    granted = granting_human_agent(services, channel)
    salma, late = await silent_for(services, channel, 30)
    with pytest.raises(WindowClosed) as refused:
        await reply(services, salma, late.id, command_id="c-1", text="Hello", based_on_version=late.version)
    remedy = "template" if channel is Channel.MESSENGER else "wait"
    assert (refused.value.extra["reason"], refused.value.extra["remedy"]) == ("window_over", remedy)
    await reply(granted, salma, late.id, command_id="c-2", text="Hello", based_on_version=late.version)
    assert await services.pool.fetchval("select tag from outbox") == "HUMAN_AGENT"
    assert await another(granted, graph).deliver_due() == 1
    assert (meta.sends[0]["messaging_type"], meta.sends[0]["tag"]) == ("MESSAGE_TAG", "HUMAN_AGENT")


async def test_what_waited_past_the_day_takes_the_tag_with_it(
    services: TestServices, graph: GraphClient, meta: Meta
) -> None:
    """Asked again when sending: it was queued inside the window."""
    granted = granting_human_agent(services, Channel.MESSENGER)
    salma, fresh = await silent_for(services, Channel.MESSENGER, 1)
    await reply(granted, salma, fresh.id, command_id="c-1", text="Hello", based_on_version=fresh.version)
    await services.pool.execute("update conversation set last_inbound_at = now() - interval '25 hours'")
    await another(granted, graph).deliver_due()
    assert meta.sends[0]["tag"] == "HUMAN_AGENT"


async def test_inside_the_day_nothing_is_tagged(services: TestServices, graph: GraphClient, meta: Meta) -> None:
    granted = granting_human_agent(services, Channel.INSTAGRAM)
    salma, fresh = await silent_for(services, Channel.INSTAGRAM, 1)
    await reply(granted, salma, fresh.id, command_id="c-1", text="Hello", based_on_version=fresh.version)
    await another(granted, graph).deliver_due()
    assert "tag" not in meta.sends[0]


async def test_no_machine_answers_days_later(services: TestServices, graph: GraphClient, meta: Meta) -> None:
    granted = granting_human_agent(services, Channel.MESSENGER)
    _, late = await silent_for(services, Channel.MESSENGER, 30)
    async with unit(granted) as work:
        held = await work.lock(late.id)
        await send(work, held, Text("We are open again"), author=Author.SYSTEM, purpose=Purpose.OUT_OF_HOURS)
    await another(granted, graph).deliver_due()
    assert meta.sends == []
    assert [state for state, _ in await rows(services)] == ["failed"]


async def test_a_reaction_opens_the_window_on_messenger(services: TestServices) -> None:
    inbox = inbox_of(services, "financial", Channel.MESSENGER)
    long_ago = datetime.now(UTC) - timedelta(hours=40)
    said = {"sender": {"id": "7001"}, "recipient": {"id": inbox.external_id}}
    first = said | {"timestamp": int(long_ago.timestamp() * 1000), "message": {"mid": "m_1", "text": "Hello"}}
    await deliver(services, messaging(inbox, first))
    talk_id = await services.pool.fetchval("select id from conversation")
    assert isinstance(await ask(services, talk_id), Closed)
    now = datetime.now(UTC)
    reaction = {"mid": "m_1", "action": "react", "reaction": "love", "emoji": "❤"}
    await deliver(services, messaging(inbox, said | {"timestamp": int(now.timestamp() * 1000), "reaction": reaction}))
    found = await ask(services, talk_id)
    assert isinstance(found, Allowed)
    assert found.until is not None
    assert abs(found.until - now - timedelta(hours=24)) < timedelta(seconds=1)
    assert await services.pool.fetchval("select last_inbound_at < now() - interval '1 day' from conversation")


async def test_an_advertisement_and_a_prompt_answer_begin_three_free_days(
    services: TestServices, graph: GraphClient
) -> None:
    inbox = inbox_of(services, "financial")
    await deliver(services, whatsapp(inbox, "I saw your advertisement", referral=_AD))
    assert await services.pool.fetchval("select ad_entry_at is not null from conversation")
    # The acknowledgement is the first answer.
    await another(services, graph).deliver_due()
    until = await services.pool.fetchval("select free_entry_until from conversation")
    assert abs(until - datetime.now(UTC) - timedelta(hours=72)) < timedelta(minutes=1)
    talk_id = await services.pool.fetchval("select id from conversation")
    found = await ask(services, talk_id, kind="template", category="marketing")
    assert found == Allowed(until=until, by=By.FREE_ENTRY)
    assert await services.pool.fetchval("select ad_entry_at is null from conversation"), "one entry begins one"


async def test_without_an_advertisement_nothing_is_free(services: TestServices, deliverer: Deliverer) -> None:
    await deliver(services, whatsapp(inbox_of(services, "financial"), "Good morning"))
    await deliverer.deliver_due()
    assert await services.pool.fetchval("select free_entry_until from conversation") is None


async def test_metas_own_word_about_the_free_entry_counts(services: TestServices, deliverer: Deliverer) -> None:
    message_id = await say(services, await talk(services), "Good morning")
    await deliverer.deliver_due()
    sent = (await message(services, message_id))["provider_id"]
    ends = int((datetime.now(UTC) + timedelta(hours=50)).timestamp())
    conversation = {"id": "c", "origin": {"type": "referral_conversion"}, "expiration_timestamp": str(ends)}
    await deliver(services, whatsapp_status(inbox_of(services, "financial"), sent, "sent", conversation=conversation))
    assert await services.pool.fetchval("select extract(epoch from free_entry_until)::int from conversation") == ends


def preference(services: TestServices, value: str, at: datetime, phone: str = "15550001111") -> dict[str, Any]:
    inbox = inbox_of(services, "financial")
    body = whatsapp_value(inbox, contacts=[{"profile": {"name": "Sara"}, "wa_id": phone}], user_preferences=[
        {"wa_id": phone, "detail": "said so", "category": "marketing_messages", "value": value,
         "timestamp": int(at.timestamp())}
    ])  # fmt: skip
    body["entry"][0]["changes"][0]["field"] = "user_preferences"
    return body


async def test_a_customer_stops_marketing_and_takes_it_again(services: TestServices) -> None:
    inbox, now = inbox_of(services, "financial"), datetime.now(UTC)
    await deliver(services, whatsapp(inbox, "Good morning"))
    talk_id = await services.pool.fetchval("select id from conversation")
    await deliver(services, preference(services, "stop", now - timedelta(minutes=5)))
    stopped = await ask(services, talk_id, kind="template", category="marketing")
    assert isinstance(stopped, Closed)
    assert stopped.reason is Reason.OPTED_OUT
    assert isinstance(await ask(services, talk_id), Allowed), "an answer is no marketing"
    assert isinstance(await ask(services, talk_id, kind="template", category="utility"), Allowed)
    await deliver(services, preference(services, "resume", now))
    # Older news that comes late changes nothing.
    await deliver(services, preference(services, "stop", now - timedelta(minutes=2)))
    assert isinstance(await ask(services, talk_id, kind="template", category="marketing"), Allowed)
    kinds = await services.pool.fetch("select kind from event where kind like 'Marketing%' order by id")
    assert [row["kind"] for row in kinds] == ["MarketingStopped", "MarketingResumed"]


async def test_somebody_who_never_wrote_may_stop_marketing(services: TestServices) -> None:
    await deliver(services, preference(services, "stop", datetime.now(UTC), phone="15550007777"))
    assert await services.pool.fetchval("select value from suppression") == "stop"
    assert await services.pool.fetchval("select count(*) from quarantine") == 0


async def test_marketing_to_who_stopped_it_is_refused_without_a_call(
    services: TestServices, deliverer: Deliverer, meta: Meta
) -> None:
    """The customer said so after the template was queued."""
    conversation = await talk(services)
    template = Template(name="offer", language="en", preview=Preview("Our offer"), category="marketing")
    async with unit(services) as work:
        held = await work.lock(conversation.id)
        message_id = await send(
            work, held, template, author=Author.ADVISOR, author_id=held.owner_id, purpose=Purpose.REPLY,
            category="marketing",
        )  # fmt: skip
    await services.pool.execute(
        "insert into suppression (contact_id, inbox_id, category, value, source, at)"
        " select contact_id, inbox_id, 'marketing_messages', 'stop', 'preference', now() from conversation"
    )
    await deliverer.deliver_due()
    assert meta.sends == []
    assert (await message(services, message_id))["failure"]["code"] == 131050


@pytest.mark.parametrize("parked", [False, True])
async def test_prices_are_kept_as_meta_tells_them(
    services: TestServices, deliverer: Deliverer, meta: Meta, parked: bool
) -> None:
    """Also when the status is faster than the answer to our call."""
    inbox = inbox_of(services, "financial")
    message_id = await say(services, await talk(services), "Good morning")
    sent_price = {"billable": True, "pricing_model": "PMP", "type": "regular", "category": "service"}
    free_price = sent_price | {"billable": False, "type": "free_customer_service", "brand_new": 1}
    if parked:
        news = [("wamid.P", "delivered", free_price), ("wamid.P", "sent", sent_price)]
        for provider_id, status, pricing in news:
            await deliver(services, whatsapp_status(inbox, provider_id, status, pricing=pricing))
        meta.script = [says(200, {"messages": [{"id": "wamid.P"}]})]
        await deliverer.deliver_due()
    else:
        await deliverer.deliver_due()
        provider_id = (await message(services, message_id))["provider_id"]
        # Out of order: the price of what arrived counts.
        await deliver(services, whatsapp_status(inbox, provider_id, "delivered", pricing=free_price))
        await deliver(services, whatsapp_status(inbox, provider_id, "sent", pricing=sent_price))
    stored = await message(services, message_id)
    assert stored["status"] == "delivered"
    assert (stored["pricing_category"], stored["pricing_type"]) == ("service", "free_customer_service")
    assert stored["billable"] is False
    assert stored["pricing"] == free_price
    assert stored["delivered_at"] is not None


async def test_a_refusal_by_status_has_its_consequences_too(services: TestServices, deliverer: Deliverer) -> None:
    inbox = inbox_of(services, "financial")
    for code, fact in ((131050, "MarketingStopped"), (131042, "SendingAlarmed")):
        message_id = await say(services, await talk(services), f"About {code}")
        await deliverer.deliver_due()
        provider_id = (await message(services, message_id))["provider_id"]
        errors = [{"code": code, "title": "No", "error_data": {"details": "because"}}]
        await deliver(services, whatsapp_status(inbox, provider_id, "failed", errors=errors))
        assert (await message(services, message_id))["status"] == "failed"
        assert fact in services.publisher.kinds


async def test_a_persons_retry_is_a_new_attempt_with_history(
    services: TestServices, deliverer: Deliverer, meta: Meta
) -> None:
    salma = await make_viewer(services.pool, "Salma Fathy")
    conversation = await talk(services, owner=salma)
    meta.script = [refuses(131026), accept]
    message_id = await say(services, conversation, "Good morning")
    await deliverer.deliver_due()
    await retry(services, salma, message_id, "again-1")
    await deliverer.deliver_due()
    async with services.pool.acquire() as connection:
        history = await attempts.of_message(connection, message_id)
    assert [(each.state, each.calls) for each in history] == [("failed", 1), ("accepted", 1)]
    assert history[0].failure is not None
    assert history[0].failure["code"] == 131026
    assert len({each["biz_opaque_callback_data"] for each in meta.sends}) == 2, "under another id"
