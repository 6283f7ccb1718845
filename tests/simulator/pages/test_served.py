"""The simulator's pages by their bytes: words, policies, streams, and what is remembered."""

import json
import re
from pathlib import Path
from typing import Any

import aiohttp
import msgspec
from simulator.meta_side import Meta

from server.simulator.assets import ASSETS
from server.simulator.config import SimulatorConfig
from server.simulator.pages import texts
from server.simulator.serving import running


def test_every_word_is_there_in_both_languages() -> None:
    words = texts.load()
    assert set(words["en"]) == set(words["ar"])
    kinds = (ASSETS / "js" / "kinds.js").read_text(encoding="utf-8")
    sent = set(re.findall(r'(?<!", )(?:thing|silent|named)\("([a-z_]+)"', kinds))
    assert {f"kind_{kind}" for kind in sent} <= set(words["en"])
    assert set(re.findall(r"(attach_[a-z]+):", kinds)) <= set(words["en"])


async def test_pages_carry_text_as_data_and_no_inline_script(meta: Meta) -> None:
    await meta.said("sara-khalil", "cafe-whatsapp", "</script><script>alert(1)</script>")
    async with aiohttp.ClientSession() as session:
        for path in ("/phone/sara-khalil/cafe-whatsapp", "/", "/switches?lang=ar"):
            async with session.get(meta.url + path) as response:
                text = await response.text()
                assert "script-src 'self'" in response.headers["Content-Security-Policy"]
            assert "<script>" not in text
            assert "style=" not in text
        async with session.get(f"{meta.url}/phone/nobody/cafe-whatsapp") as response:
            assert response.status == 404


async def test_a_stream_begins_with_the_thread_and_ends_with_the_server(config: SimulatorConfig) -> None:
    async with running(config) as place, aiohttp.ClientSession() as session:
        key = "sara-khalil:cafe-whatsapp"
        async with session.get(f"{place.url}/events", params={"thread": key, "look": key}) as response:
            first = json.loads((await response.content.readline()).removeprefix(b"data: "))
            assert first["thread"]["lines"] == []
            thread = place.simulator.acts.thread("sara-khalil", "cafe-whatsapp")
            place.simulator.speaking.say(thread, "Hello")
            await response.content.readline()
            change = json.loads((await response.content.readline()).removeprefix(b"data: "))
            assert change["line"]["text"] == "Hello"
            place.simulator.world.feed.close()
            await response.content.read()
        assert thread.viewers == 0


async def test_phones_remember_after_a_restart(config: SimulatorConfig, tmp_path: Path) -> None:
    kept = msgspec.structs.replace(config, memory=tmp_path / "phones.json")
    async with running(kept) as place:
        amal = place.simulator.acts.create({"name": "Amal Nasser"})
        before = place.simulator.acts.thread(amal.id, "cafe-whatsapp")
        place.simulator.speaking.say(before, "Remember me")
    assert (tmp_path / "phones.json").stat().st_mode & 0o077 == 0
    async with running(kept) as place:
        after: Any = place.simulator.acts.thread("amal-nasser", "cafe-whatsapp")
        assert [line.text for line in after.lines] == ["Remember me"]
        assert after.last_inbound_at == before.last_inbound_at
