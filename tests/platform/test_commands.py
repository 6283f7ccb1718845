"""The `majlis` commands, called as from a shell, against a real database."""

import asyncio
import io
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import asyncpg
import msgspec
import pytest
from conftest import Cluster

from server.__main__ import COMMANDS, main
from server.commands.demo import _apply_where_it_belongs
from server.commands.ground import Ground
from server.commands.prepare import apply_first
from server.paths import DEMO_ORGANISATION
from server.settings import read_settings
from server.store import feed
from server.store.vault import Vault, generate_key

KEY = generate_key()


@pytest.fixture
def given(database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The environment of an installation whose database is up to date."""
    for name in ("REDIS_URL", "META_APP_SECRET", "META_ACCESS_TOKEN", "MAJLIS_ORG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DATABASE_URL", database)
    monkeypatch.setenv("MAJLIS_KEY", KEY)
    monkeypatch.setenv("MAJLIS_DATA", str(tmp_path))
    return database


def ask(dsn: str, question: str, *values: Any) -> Any:
    async def answer() -> Any:
        connection = await asyncpg.connect(dsn)
        try:
            return await connection.fetchval(question, *values)
        finally:
            await connection.close()

    return asyncio.run(answer())


def test_without_a_command_all_of_them_are_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert main(["--help"]) == 0
    said = capsys.readouterr().out
    assert all(f"  {name} " in said for name in COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main([name, "--help"])
    assert end.value.code == 0
    assert f"usage: majlis {name}" in capsys.readouterr().out


def test_a_bad_setting_stops_every_command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("PORT", "eighty")
    assert main(["key"]) == 2
    assert "majlis key: PORT must be a number" in capsys.readouterr().err


def test_a_key_is_made_that_the_settings_take(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["key"]) == 0
    Vault([capsys.readouterr().out.strip()])


def test_a_database_that_refuses_is_named(
    given: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", given.replace("/test_", "/absent_"))
    assert main(["user", "list"]) == 2
    assert "DATABASE_URL: the server refuses" in capsys.readouterr().err


def test_an_old_database_is_told_to_migrate(
    cluster: Cluster, given: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ask(given, "drop schema public cascade")
    ask(given, "create schema public")
    assert main(["user", "list"]) == 2
    assert "Run: majlis migrate" in capsys.readouterr().err
    monkeypatch.setenv("MAJLIS_ORG", str(DEMO_ORGANISATION))
    assert main(["migrate"]) == 0
    said = capsys.readouterr().out
    assert re.search(r"migrations +\d+ applied", said)
    assert re.search(r"organisation\s+demo, \d+ changes", said)
    assert main(["migrate"]) == 0
    assert "up to date" in capsys.readouterr().out


def test_people_are_added_listed_reset_and_deactivated(given: str, capsys: pytest.CaptureFixture[str]) -> None:
    add = ["user", "add", "noura@majlis.example", "--name", "Noura Saleh", "--role", "advisor", "--sector", "financial"]
    assert main(add) == 0
    link = capsys.readouterr().out.splitlines()[0]
    assert link.startswith("http://127.0.0.1:8000/sign-in/link/")

    assert main(["user", "list"]) == 0
    row = next(line for line in capsys.readouterr().out.splitlines() if "noura@" in line)
    assert row.split() == [
        "noura@majlis.example",
        "Noura",
        "Saleh",
        "advisor",
        "financial",
        "no",
        "password",
        "yet",
        "never",
    ]

    assert main(["user", "reset", "noura@majlis.example"]) == 0
    assert capsys.readouterr().out.splitlines()[0] != link

    assert main(["user", "deactivate", "noura@majlis.example"]) == 0
    assert ask(given, """select active from "user" where email = 'noura@majlis.example'""") is False
    assert ask(given, "select count(*) from event where kind = 'UserDeactivated'") == 1


def test_a_person_in_an_unknown_sector_is_refused(given: str, capsys: pytest.CaptureFixture[str]) -> None:
    add = ["user", "add", "noura@majlis.example", "--name", "Noura", "--role", "advisor", "--sector", "shipping"]
    assert main(add) == 2
    assert "no sector 'shipping'" in capsys.readouterr().err
    assert main(add[:-2]) == 2
    assert "--sector (education, financial, hospitality) or --every-sector" in capsys.readouterr().err
    assert main([*add[:-2], "--every-sector"]) == 0
    assert main(["user", "deactivate", "nobody@majlis.example"]) == 2


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


def test_an_inbox_token_comes_by_stdin_and_is_sealed(given: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("EAAG-token\n"))
    assert main(["inbox", "token", "financial-whatsapp"]) == 0
    sealed = ask(given, "select token from inbox where id = 'financial-whatsapp'")
    assert b"EAAG" not in sealed
    assert Vault([KEY]).open(sealed) == "EAAG-token"


def test_an_empty_token_or_an_unknown_inbox_is_refused(
    given: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("\n"))
    assert main(["inbox", "token", "financial-whatsapp"]) == 2
    monkeypatch.setattr("sys.stdin", io.StringIO("EAAG-token\n"))
    assert main(["inbox", "token", "financial-fax"]) == 2
    assert "financial-fax" in capsys.readouterr().err


def test_a_backup_restores_into_an_empty_database_only(
    given: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ask(given, "insert into contact (name) values ('Omar Haddad')")
    file = tmp_path / "majlis.dump"
    assert main(["backup", str(file)]) == 0
    assert file.stat().st_mode & 0o077 == 0
    assert main(["backup", str(file)]) == 2

    assert main(["restore", str(file)]) == 2
    assert "not empty" in capsys.readouterr().err
    ask(given, "drop schema public cascade")
    ask(given, "create schema public")
    assert main(["restore", str(file)]) == 0
    assert ask(given, "select name from contact") == "Omar Haddad"
    assert main(["restore", str(tmp_path / "missing.dump")]) == 2
    assert "missing.dump cannot be read: No such file" in capsys.readouterr().err


def test_files_that_cannot_be_are_said_in_one_line(
    given: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    foreign = tmp_path / "letter.txt"
    foreign.write_text("Dear customer")
    for words, expected in (
        (["backup", str(tmp_path / "absent" / "majlis.dump")], "cannot be written: No such file or directory."),
        (["restore", str(foreign)], "was not written by majlis backup."),
        (["apply", str(tmp_path / "absent")], "absent is no folder."),
        (["apply", str(tmp_path)], "holds no org.toml."),
    ):
        assert main(words) == 2
        [line] = capsys.readouterr().err.splitlines()
        assert line.endswith(expected)


def test_a_restore_names_the_inboxes_whose_tokens_stay_shut(
    given: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("EAAG-token\n"))
    main(["inbox", "token", "financial-whatsapp"])
    file = tmp_path / "majlis.dump"
    main(["backup", str(file)])
    for keys, said in ((f"{generate_key()},{KEY}", False), (generate_key(), True)):
        ask(given, "drop schema public cascade")
        ask(given, "create schema public")
        capsys.readouterr()
        monkeypatch.setenv("MAJLIS_KEY", keys)
        assert main(["restore", str(file)]) == 0
        words = "1 inbox tokens cannot be opened with this MAJLIS_KEY (financial-whatsapp): "
        assert (words in capsys.readouterr().out) is said


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


def test_a_reader_that_went_is_no_fault(given: str) -> None:
    script = f"{sys.executable} -m server user list; echo $? >&2"
    shown = subprocess.run(["sh", "-c", f"({script}) | true"], capture_output=True, text=True, check=True)
    assert shown.stderr.strip() in ("0", "1")


def test_the_feed_goes_on_after_a_restore_from_a_busier_cluster(given: str, tmp_path: Path) -> None:
    ask(
        given, "insert into event (stream, version, kind, actor, xid) values ('user:1', 1, 'Old', 'system', '99999999')"
    )
    file = tmp_path / "majlis.dump"
    assert main(["backup", str(file)]) == 0
    ask(given, "drop schema public cascade")
    ask(given, "create schema public")
    assert main(["restore", str(file)]) == 0

    async def seen() -> tuple[int, list[str]]:
        connection = await asyncpg.connect(given)
        try:
            before = await feed.sweep(connection, 3, 0)
            await connection.execute(
                "insert into event (stream, version, kind, actor) values ('user:1', 2, 'New', 'system')"
            )
            after = await feed.sweep(connection, before.cursor, 10)
            return after.cursor - before.cursor, [f"{each.stream} {each.version}" for each in after.events]
        finally:
            await connection.close()

    moved, versions = asyncio.run(seen())
    assert moved > 0
    assert versions == ["user:1 2"]


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


def test_work_needs_both_addresses(given: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["work"]) == 2
    assert "REDIS_URL is not set" in capsys.readouterr().err


@pytest.mark.parametrize(("name", "value"), [("META_ACCESS_TOKEN", "EAAG"), ("HOST", "0.0.0.0")])
def test_the_demo_never_starts_beside_real_accounts_or_open_to_others(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(name, value)
    assert main(["demo"]) == 2
    assert name in capsys.readouterr().err


def test_the_doctor_names_what_is_missing_with_its_remedy(
    given: str, valkey: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("REDIS_URL", valkey)
    assert main(["doctor", "--offline"]) == 1
    said = capsys.readouterr().out
    assert "ok    database     answers and is up to date" in said
    assert "ok    redis        answers" in said
    assert "Set META_APP_SECRET from Meta's app dashboard." in said
    assert "Set META_VERIFY_TOKEN to any long random text, and enter the same in Meta's app dashboard." in said
    assert "Run: majlis inbox token financial-whatsapp" in said


def test_the_doctor_finds_nothing_where_all_is_given(
    given: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("META_APP_SECRET", "META_VERIFY_TOKEN", "META_ACCESS_TOKEN"):
        monkeypatch.setenv(name, "given")
    monkeypatch.setenv("MAJLIS_DATA", "/tmp")
    assert main(["doctor", "--offline"]) == 0
    assert "All is well." in capsys.readouterr().out


def test_the_doctor_notices_a_token_sealed_by_another_key(
    given: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("EAAG-token\n"))
    main(["inbox", "token", "financial-whatsapp"])
    monkeypatch.setenv("MAJLIS_KEY", generate_key())
    assert main(["doctor", "--offline"]) == 1
    assert "MAJLIS_KEY does not open the token of financial-whatsapp" in capsys.readouterr().out


def test_replay_says_what_it_did(given: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["replay", "--since", "2026-11-22"]) == 0
    assert capsys.readouterr().out == "0 applied, 0 left in quarantine.\n"


def test_a_dry_replay_shows_what_would_change(given: str, capsys: pytest.CaptureFixture[str]) -> None:
    body = b'{"object": "fax", "entry": [{"id": "1"}]}'
    insert = (
        "insert into quarantine (received_at, app_id, path, reason, body)"
        " values (now(), 'default', '', 'unknown_object', $1)"
    )
    ask(given, insert, body)
    assert main(["replay", "--dry-run"]) == 0
    first, last = capsys.readouterr().out.splitlines()
    assert first.startswith("still refused")
    assert "(unknown_object: fax)" in first
    assert last == "0 would be applied, 1 would stay in quarantine."
