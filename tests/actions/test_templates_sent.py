"""A filled template on its way: after the day where the channel has any, held by what its customer and Meta decided."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from conftest import TestServices
from delivering import message
from factories import make_conversation, make_customer
from playing_meta import Meta, refuses
from templating import keep, listed
from uploading import brought, upload

from server.actions.deliver import Deliverer
from server.actions.reply import retry
from server.actions.speak import speak
from server.domain.access import Viewer
from server.domain.conversation import Conversation
from server.domain.errors import Invalid, WindowClosed
from server.domain.model import Channel
from server.domain.saying import FillTemplate


@pytest.fixture
async def talk(services: TestServices, salma: Viewer) -> Conversation:
    """The window closed an hour ago."""
    return await late_on(services, salma, Channel.WHATSAPP)


async def late_on(services: TestServices, owner: Viewer, channel: Channel) -> Conversation:
    customer = await make_customer(services.pool, channel=channel)
    at = datetime.now(UTC) - timedelta(hours=25)
    return await make_conversation(services.pool, owner=owner, channel=channel, customer=customer, at=at)


async def say(services: TestServices, viewer: Viewer, talk: Conversation, values: dict[str, Any], **more: Any) -> Any:
    given: dict[str, Any] = {"name": "booking", "language": "en", "values": values} | more
    return await speak(
        services, viewer, talk.id, command_id="c1", saying=FillTemplate(**given), based_on_version=talk.version
    )


async def test_a_template_goes_out_when_the_window_is_closed(
    services: TestServices, salma: Viewer, talk: Conversation, deliverer: Deliverer, meta: Meta
) -> None:
    await keep(services.pool, listed("booking"))
    sent = (await say(services, salma, talk, {"body.1": "Omar"}))["message_id"]
    row = await message(services, sent)
    assert (row["kind"], row["text"]) == ("template", "Hello Omar, your adviser is ready.")
    assert row["body"]["preview"] == {"body": "Hello Omar, your adviser is ready."}
    assert await services.pool.fetchval("select category from outbox") == "utility"
    assert await deliverer.deliver_due() == 1
    assert meta.sends[0]["template"] == {
        "name": "booking", "language": {"code": "en"},
        "components": [{"type": "body", "parameters": [{"type": "text", "text": "Omar"}]}],
    }  # fmt: skip
    assert (await message(services, sent))["status"] == "accepted"


async def test_a_template_with_a_file_waits_for_it(
    services: TestServices, salma: Viewer, talk: Conversation, deliverer: Deliverer, meta: Meta
) -> None:
    await keep(
        services.pool, listed("booking", {"type": "HEADER", "format": "DOCUMENT"}, {"type": "BODY", "text": "Hi"})
    )
    file = await upload(services, salma, talk, "document", "application/pdf", name="offer.pdf")
    await say(services, salma, talk, {"header": file})
    assert await deliverer.deliver_due() == 0
    await brought(services, file)
    assert await deliverer.deliver_due() == 1
    assert meta.sends[0]["template"]["components"] == [
        {"type": "header", "parameters": [{"type": "document", "document": {"id": "9001", "filename": "offer.pdf"}}]}
    ]


@pytest.mark.parametrize(
    ("entry", "values", "more", "field"),
    [
        (listed("booking"), {}, {}, "values.body.1"),
        (listed("booking"), {"body.1": "one\ntwo"}, {}, "values.body.1"),
        (listed("booking"), {"body.1": "x" * 1100}, {}, "values.body"),
        (listed("booking", status="PAUSED"), {"body.1": "Omar"}, {}, "name"),
        (listed("booking"), {"body.1": "Omar"}, {"language": "ar"}, "name"),
    ],
)
async def test_what_cannot_be_sent_is_refused_by_name(
    services: TestServices, salma: Viewer, talk: Conversation, entry: Any, values: Any, more: Any, field: str
) -> None:
    await keep(services.pool, entry)
    with pytest.raises(Invalid) as refused:
        await say(services, salma, talk, values, **more)
    assert refused.value.extra["field"] == field


async def test_marketing_is_not_sent_to_who_stopped_it(
    services: TestServices, salma: Viewer, talk: Conversation
) -> None:
    await keep(services.pool, listed("booking", category="MARKETING"))
    await services.pool.execute(
        "insert into suppression (contact_id, inbox_id, category, value, source, at)"
        " values ($1, $2, 'marketing_messages', 'stop', 'preference', now())", talk.contact_id, talk.inbox_id,
    )  # fmt: skip
    with pytest.raises(WindowClosed) as refused:
        await say(services, salma, talk, {"body.1": "Omar"})
    assert refused.value.extra["reason"] == "opted_out"


async def keep_for_page(services: TestServices, *entries: dict[str, Any]) -> None:
    await keep(services.pool, *entries, account=services.organisation().inboxes["financial-messenger"].external_id)


async def test_a_utility_template_goes_out_on_messenger_when_the_window_is_closed(
    services: TestServices, salma: Viewer, deliverer: Deliverer, meta: Meta
) -> None:
    talk = await late_on(services, salma, Channel.MESSENGER)
    await keep_for_page(services, listed("booking"))
    sent = (await say(services, salma, talk, {"body.1": "Omar"}))["message_id"]
    row = await services.pool.fetchrow("select tag, category from outbox")
    assert row is not None
    assert (row["tag"], row["category"]) == (None, "utility")
    assert await deliverer.deliver_due() == 1
    assert meta.sends[0]["messaging_type"] == "UTILITY"
    assert "tag" not in meta.sends[0]
    assert meta.sends[0]["message"]["template"] == {
        "name": "booking", "language": {"code": "en"},
        "components": [{"type": "body", "parameters": [{"type": "text", "text": "Omar"}]}],
    }  # fmt: skip
    assert (await message(services, sent))["status"] == "accepted"


@pytest.mark.parametrize("hours", [1, 25])
async def test_messenger_takes_no_other_template_at_any_time(
    services: TestServices, salma: Viewer, hours: float
) -> None:
    talk = await late_on(services, salma, Channel.MESSENGER)
    await services.pool.execute("update conversation set last_inbound_at = now() - make_interval(hours => $1)", hours)
    await keep_for_page(services, listed("booking", category="MARKETING"))
    with pytest.raises(Invalid) as refused:
        await say(services, salma, talk, {"body.1": "Omar"})
    assert (refused.value.extra["field"], refused.value.words) == ("name", "Messenger takes utility templates only.")


async def test_a_template_that_messenger_refused_is_sent_again_after_the_day(
    services: TestServices, salma: Viewer, deliverer: Deliverer, meta: Meta
) -> None:
    talk = await late_on(services, salma, Channel.MESSENGER)
    await keep_for_page(services, listed("booking"))
    sent = (await say(services, salma, talk, {"body.1": "Omar"}))["message_id"]
    meta.script = [refuses(100)]
    await deliverer.deliver_due()
    assert (await message(services, sent))["status"] == "failed"
    await retry(services, salma, sent, "c2")
    await deliverer.deliver_due()
    assert [each["messaging_type"] for each in meta.sends] == ["UTILITY", "UTILITY"]
    assert (await message(services, sent))["status"] == "accepted"


async def test_instagram_has_no_templates(services: TestServices, salma: Viewer) -> None:
    with pytest.raises(Invalid):
        await say(services, salma, await late_on(services, salma, Channel.INSTAGRAM), {})
