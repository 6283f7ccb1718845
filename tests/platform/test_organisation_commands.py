"""When a command applies an organisation, and when it must not."""

import asyncio
import io
import re
from pathlib import Path

import msgspec
import pytest
from commanding import ask

from server.__main__ import main
from server.commands.demo import _apply_where_it_belongs
from server.commands.ground import Ground
from server.commands.prepare import apply_first
from server.paths import DEMO_ORGANISATION
from server.settings import read_settings


def test_the_organisation_is_applied_once(given: str, capsys: pytest.CaptureFixture[str]) -> None:
    main(["apply", str(DEMO_ORGANISATION)])
    capsys.readouterr()
    assert main(["apply", str(DEMO_ORGANISATION)]) == 0
    assert capsys.readouterr().out == "Nothing differs.\n"


def test_a_wrong_organisation_is_refused_with_file_and_line(
    given: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "org.toml").write_text("names = { en = 'Havana' }\n\n[sectors.shipping]\nbots = 3\n")
    assert main(["apply", str(tmp_path)]) == 2
    assert re.search(r"org\.toml:\d", capsys.readouterr().err)
    assert main(["apply"]) == 2
    assert "MAJLIS_ORG" in capsys.readouterr().err


def test_a_fresh_folder_is_founded_by_apply_and_by_nothing_that_only_looks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("DATABASE_URL", "REDIS_URL", "MAJLIS_KEY", "MAJLIS_ORG"):
        monkeypatch.delenv(name, raising=False)
    data = tmp_path / "data"
    monkeypatch.setenv("MAJLIS_DATA", str(data))
    for words in (["user", "list"], ["replay"], ["doctor", "--offline"], ["backup", str(tmp_path / "majlis.dump")]):
        assert main(words) == 2
        assert f"MAJLIS_DATA: there is no database in {data}" in capsys.readouterr().err
        assert not data.exists()
    assert main(["apply", str(DEMO_ORGANISATION)]) == 0
    monkeypatch.setattr("sys.stdin", io.StringIO("EAAG-token\n"))
    assert main(["inbox", "token", "financial-whatsapp"]) == 0
    assert main(["user", "list"]) == 0
    said = capsys.readouterr()
    assert "nadia.rashid@example.com" in said.out
    assert said.err == ""


@pytest.mark.parametrize("held", ["another's", "nothing", "the demo"])
def test_the_demo_never_replaces_another_organisation(
    given: str, held: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def applied() -> None:
        await _apply_where_it_belongs(
            Ground(msgspec.structs.replace(read_settings(), majlis_org=DEMO_ORGANISATION), None)
        )

    if held == "another's":
        ask(given, "update sector set active = false where id = 'hospitality'")
    elif held == "nothing":
        ask(given, "drop schema public cascade")
        ask(given, "create schema public")
        assert main(["migrate"]) == 0
    if held != "another's":
        asyncio.run(applied())
        assert ask(given, "select count(*) from sector where active") == 3
        return
    assert main(["demo", "--port", "0", "--simulator-port", "0"]) == 2
    assert "another organisation" in capsys.readouterr().err
    assert ask(given, "select active from sector where id = 'hospitality'") is False


def test_only_migrate_and_a_first_start_apply_the_organisation(given: str) -> None:
    settings = msgspec.structs.replace(read_settings(), majlis_org=DEMO_ORGANISATION)
    ask(given, """update sector set definition = definition || '{"time_zone": "Asia/Riyadh"}'""")
    asyncio.run(apply_first(Ground(settings, None)))
    assert ask(given, "select definition ->> 'time_zone' from sector limit 1") == "Asia/Riyadh"
    ask(given, "drop schema public cascade")
    ask(given, "create schema public")
    assert main(["migrate"]) == 0
    asyncio.run(apply_first(Ground(settings, None)))
    assert ask(given, "select count(*) from sector where active") == 3


@pytest.mark.parametrize(("name", "value"), [("META_ACCESS_TOKEN", "EAAG"), ("HOST", "0.0.0.0")])
def test_the_demo_never_starts_beside_real_accounts_or_open_to_others(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(name, value)
    assert main(["demo"]) == 2
    assert name in capsys.readouterr().err
