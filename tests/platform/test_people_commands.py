"""`majlis user` and `majlis inbox token`, against a real database."""

import io

import pytest
from commanding import KEY, ask

from server.__main__ import main
from server.store.vault import Vault


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
    assert capsys.readouterr().out == "noura@majlis.example is signed out everywhere and cannot sign in any more.\n"
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
