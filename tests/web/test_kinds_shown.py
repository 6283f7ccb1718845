"""Every kind, delivered as Meta does, reaches an advisor's screen by its name in both languages, in its own shape."""

import json
from typing import Any

import msgspec
import pytest
from arriving import deliver
from conftest import TestServices
from kind_samples import id_of, inbound_pairs, told
from real_payloads import accounts_of, at

from server.domain import kinds
from server.domain.model import Channel
from server.store import views
from server.web.present import Presenter

# What a reader is never shown as it came.
META_S_OWN = ("payload_", "mime", "response_json", "flow_token", "nfm_reply", "reel_video_id", "ig_post_media_id")


@pytest.mark.parametrize("pair", inbound_pairs(), ids=id_of)
async def test_kind_is_shown(services: TestServices, pair: tuple[Channel, str]) -> None:
    _, item = told()[pair]
    await deliver(services, at(item.raw, accounts_of(services.organisation(), "education")))
    shown = {language: await newest(services, language) for language in ("en", "ar")}
    english, arabic = shown["en"], shown["ar"]

    assert english["kind"] == item.kind
    assert english["kind_name"] == kinds.name(item.kind)
    assert any("\u0600" <= letter <= "\u06ff" for letter in arabic["kind_name"])
    assert english["text"] == item.text
    assert [each["kind"] for each in english["attachments"]] == [each.kind for each in item.attachments]
    for file in english["attachments"]:
        assert file["state"] in ("waiting", "failed")
        assert (file["state"] == "failed") == bool(file["reason"])
    raw = json.dumps(english["body"])
    assert not any(word in raw for word in META_S_OWN)
    if item.referral:
        assert english["referral"]["source"] == item.referral.source
    if item.kind == "unsupported":
        assert any("\u0600" <= letter <= "\u06ff" for letter in arabic["body"]["unsupported"]["reason"])


async def newest(services: TestServices, language: str) -> Any:
    async with services.pool.acquire() as connection:
        [conversation_id] = [row[0] for row in await connection.fetch("select id from conversation")]
        rows, _ = await views.thread(connection, conversation_id)
        summaries = await views.summaries(connection, [conversation_id])
    presenter = Presenter(services.organisation(), language)
    assert presenter.summary(summaries[conversation_id]).contact.name
    [row] = [each for each in rows if each.direction == "inbound"]
    return msgspec.to_builtins(presenter.message(row))
