"""The `majlis` commands, called as from a shell, against a real database."""

import io
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from commanding import ask
from conftest import Cluster

from server.__main__ import COMMANDS, main
from server.commands.serve import at_port, must_be_told
from server.paths import DEMO_ORGANISATION
from server.settings import read_settings
from server.store.vault import Vault, generate_key


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


@pytest.mark.parametrize(
    "words", [["serve"], ["work"], ["demo"], ["migrate"], ["user", "list"], ["doctor"]], ids=" ".join
)
def test_a_bad_setting_stops_every_command(
    words: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PORT", "eighty")
    assert main(words) == 2
    assert f"majlis {words[0]}: PORT must be a number" in capsys.readouterr().err


@pytest.mark.parametrize(
    "words", [["serve"], ["work"], ["migrate"], ["apply", str(DEMO_ORGANISATION)], ["user", "list"], ["doctor"]],
    ids=lambda words: words[0],
)  # fmt: skip
def test_a_given_database_needs_a_given_key(
    words: list[str], given: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("MAJLIS_KEY")
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1/0")
    monkeypatch.setenv("PORT", "0")
    assert main(words) == 2
    assert f"majlis {words[0]}: MAJLIS_KEY is required with DATABASE_URL" in capsys.readouterr().err


def test_a_key_is_made_before_there_are_any_settings(tmp_path: Path) -> None:
    """As one begins: the shell has made the file that the key will go to, and nothing else is there yet."""
    file = tmp_path / "majlis_key"
    given = {"DATABASE_URL_FILE": str(tmp_path / "database_url"), "MAJLIS_KEY_FILE": str(file), "PORT": "eighty"}
    with file.open("wb") as output:
        made = subprocess.run(
            [sys.executable, "-m", "server", "key"], env=os.environ | given, stdout=output, check=False
        )
    assert made.returncode == 0
    Vault([file.read_text().strip()])


def test_a_database_that_refuses_is_named(
    given: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", given.replace("/test_", "/absent_"))
    assert main(["user", "list"]) == 2
    assert "DATABASE_URL: the server refuses" in capsys.readouterr().err


@pytest.mark.parametrize("end", ["port=five", "host=database&sslmode=sometimes"])
def test_an_address_that_no_client_understands_is_named(
    end: str, given: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"postgresql://majlis:sesame@/majlis?{end}")
    assert main(["user", "list"]) == 2
    said = capsys.readouterr().err
    assert "DATABASE_URL: this is no address" in said
    assert "sesame" not in said


@pytest.mark.parametrize("words", [["serve"], ["demo"], ["migrate"], ["apply", str(DEMO_ORGANISATION)]], ids=" ".join)
@pytest.mark.parametrize("folder", ["/etc/passwd", "/proc/x"])
def test_a_data_folder_that_cannot_be_is_named(
    words: list[str], folder: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("DATABASE_URL", "META_ACCESS_TOKEN", "HOST"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PORT", "0")
    monkeypatch.setenv("MAJLIS_DATA", folder)
    assert main(words) == 2
    assert f"majlis {words[0]}: MAJLIS_DATA: {folder}" in capsys.readouterr().err


def test_a_data_folder_given_to_the_demo_is_named_as_it_was_given(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("META_ACCESS_TOKEN", raising=False)
    assert main(["demo", "--data", "/etc/passwd"]) == 2
    assert "majlis demo: --data: /etc/passwd cannot be used" in capsys.readouterr().err


def test_the_doctor_needs_no_data_folder_beside_a_given_database(
    given: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MAJLIS_DATA", str(tmp_path / "not" / "yet"))
    main(["doctor", "--offline"])
    assert f"GiB free under {tmp_path}" in capsys.readouterr().out


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


def test_a_reader_that_went_is_no_fault(given: str) -> None:
    script = f"{sys.executable} -m server user list; echo $? >&2"
    shown = subprocess.run(["sh", "-c", f"({script}) | true"], capture_output=True, text=True, check=True)
    assert shown.stderr.strip() in ("0", "1")


def test_work_needs_both_addresses(given: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["work"]) == 2
    assert "REDIS_URL is not set" in capsys.readouterr().err


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


def test_a_port_given_by_hand_must_be_told_to_other_commands() -> None:
    settings = read_settings({})
    assert not must_be_told(at_port(settings, 8000))
    assert must_be_told(at_port(settings, 8055))
    assert not must_be_told(at_port(read_settings({"PUBLIC_URL": "https://majlis.example"}), 8055))
