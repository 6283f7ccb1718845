"""`majlis backup` and `majlis restore`, against a real database."""

import asyncio
import io
from pathlib import Path

import asyncpg
import pytest
from commanding import KEY, ask

from server.__main__ import main
from server.store import feed
from server.store.vault import generate_key


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
