"""Tokens: sealed, replaced, and what a pause waits for."""

import pytest
from conftest import TestServices

from server.actions import inboxes
from server.actions.unit import Topic
from server.domain.errors import Invalid, NotFound, SettingsError
from server.domain.kinds import speaks
from server.store import inboxes as stored
from server.store.vault import Vault, generate_key

OLD, NEW = generate_key(), generate_key()
INBOX = "hospitality-messenger"


async def test_a_token_is_kept_sealed(services: TestServices) -> None:
    vault = Vault([OLD])
    await inboxes.set_token(services, vault, INBOX, "  EAAG-token\n")
    async with services.pool.acquire() as connection:
        state = (await stored.load(connection))[INBOX]
    assert state.token is not None
    assert b"EAAG" not in state.token
    assert vault.open(state.token) == "EAAG-token"
    assert Topic.OUTBOX in services.waker.topics


@pytest.mark.parametrize("token", ["", "  ", "two words", "line\nbreak", "رمز"])
async def test_what_can_be_no_token_is_refused(services: TestServices, token: str) -> None:
    with pytest.raises(Invalid):
        await inboxes.set_token(services, Vault([OLD]), INBOX, token)


async def test_unknown_inboxes_are_named(services: TestServices) -> None:
    with pytest.raises(NotFound, match="nowhere"):
        await inboxes.set_token(services, Vault([OLD]), "nowhere", "TOKEN")
    with pytest.raises(NotFound, match="nowhere"):
        await inboxes.resume(services, "nowhere")


async def test_a_pause_ends_by_hand_or_by_a_new_token(services: TestServices) -> None:
    async with services.pool.acquire() as connection:
        assert await stored.pause(connection, INBOX, "10: restricted", None)
        assert not await stored.pause(connection, INBOX, "again", None)
        await inboxes.resume(services, INBOX)
        assert (await stored.load(connection))[INBOX].paused_at is None
        assert await stored.pause(connection, INBOX, "190: expired", None)
        await inboxes.set_token(services, Vault([OLD]), INBOX, "TOKEN")
        assert (await stored.load(connection))[INBOX].paused_at is None


def test_keys_rotate() -> None:
    sealed = Vault([OLD]).seal("TOKEN")
    assert Vault([NEW, OLD]).open(sealed) == "TOKEN"
    with pytest.raises(SettingsError, match="MAJLIS_KEY"):
        Vault([NEW]).open(sealed)
    with pytest.raises(SettingsError, match="MAJLIS_KEY"):
        Vault([])
    with pytest.raises(SettingsError, match="MAJLIS_KEY"):
        Vault(["short"])


def test_some_kinds_say_nothing_to_answer() -> None:
    assert speaks("text")
    assert speaks("image")
    assert not speaks("reaction")
    assert not speaks("system")
