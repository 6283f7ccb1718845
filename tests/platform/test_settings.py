"""The environment: what is read, what is refused, and that the documentation says the same."""

import re
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from server.domain.errors import SettingsError
from server.paths import DEMO_ORGANISATION
from server.settings import VARIABLES, read_settings, settings_table

ROOT = Path(__file__).parents[2]
KEY = Fernet.generate_key().decode()


def test_the_table_in_the_documentation_is_the_code() -> None:
    document = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    table = document[document.index("| Variable |") :]
    again = """python -c 'from server.settings import settings_table; print(settings_table(), end="")'"""
    assert table == settings_table(), f"write the table anew: {again}"


def test_no_other_code_reads_the_environment() -> None:
    named = re.compile(r"os\.environ|os\.getenv")
    readers = {
        str(path.relative_to(ROOT / "server"))
        for path in (ROOT / "server").rglob("*.py")
        if named.search(path.read_text(encoding="utf-8"))
    }
    # Besides settings: what child processes inherit, and the simulator, which is a program of its own.
    assert readers <= {"settings.py", "embedded.py", "commands/dumping.py", "simulator/__main__.py"}


def test_every_field_is_a_documented_variable() -> None:
    settings = read_settings({})
    assert {each.field for each in VARIABLES} == set(settings.__struct_fields__) - {"environment"}


def test_nothing_given_is_a_loopback_server_that_refuses_every_delivery() -> None:
    settings = read_settings({})
    assert (settings.host, settings.port, settings.public_url) == ("127.0.0.1", 8000, "http://127.0.0.1:8000")
    assert settings.meta_app_secret == ()
    assert settings.database_url is None


def test_everything_given_is_read() -> None:
    settings = read_settings({
        "DATABASE_URL": "postgresql://majlis@database/majlis", "REDIS_URL": "redis://events:6379/0",
        "HOST": "0.0.0.0", "PORT": "9000", "PUBLIC_URL": "https://majlis.example/",
        "TRUSTED_PROXIES": "10.0.0.0/8, ::1",
        "META_APP_SECRET": "new,old", "META_VERIFY_TOKEN": "verify", "META_GRAPH_URL": "http://127.0.0.1:9/",
        "META_GRAPH_VERSION": "v25.0", "META_MEDIA_HOSTS": "cdn.example", "META_ACCESS_TOKEN": "token",
        "MAJLIS_KEY": KEY, "MAJLIS_DATA": "/data", "MAJLIS_ORG": str(DEMO_ORGANISATION),
    })  # fmt: skip
    assert settings.public_url == "https://majlis.example"
    assert [str(each) for each in settings.trusted_proxies] == ["10.0.0.0/8", "::1/128"]
    assert settings.meta_app_secret == ("new", "old")
    assert settings.meta_graph_url == "http://127.0.0.1:9"
    assert settings.majlis_data == Path("/data")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "mysql://database/majlis"),
        ("DATABASE_URL", "postgresql://u@127.0.0.1:port/d"),
        ("DATABASE_URL", "postgresql://u@one:5432,two:65536/d"),
        ("DATABASE_URL", "postgresql://u:half/a-password@database/d"),
        ("REDIS_URL", "http://events"),
        ("REDIS_URL", "redis://h:port/0"),
        ("PORT", "eighty"),
        ("PORT", "65536"),
        ("PORT", "-1"),
        ("PUBLIC_URL", "majlis.example"),
        ("PUBLIC_URL", "https://majlis.example/console"),
        ("PUBLIC_URL", "http://a:b"),
        ("PUBLIC_URL", "http://[::1"),
        ("PUBLIC_URL", "http://:8000"),
        ("PUBLIC_URL", "https://salma@majlis.example"),
        ("TRUSTED_PROXIES", "10.0.0.0/33"),
        ("TRUSTED_PROXIES", ","),
        ("META_APP_SECRET", " , "),
        ("META_GRAPH_URL", "graph.facebook.com"),
        ("META_INSTAGRAM_GRAPH_URL", "ftp://graph"),
        ("META_GRAPH_URL", "http://127.0.0.1:graph"),
        ("META_GRAPH_VERSION", "26"),
        ("META_MEDIA_HOSTS", ","),
        ("META_MEDIA_HOSTS", "http://127.0.0.1:files"),
        ("MAJLIS_KEY", "not a key"),
        ("MAJLIS_KEY", ","),
        ("MAJLIS_FILES", "s3://bucket:first/prefix"),
        ("S3_ENDPOINT", "https://store:s3"),
        ("MAJLIS_ORG", "/nowhere"),
    ],
)
def test_a_bad_value_stops_with_the_name_of_its_variable(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=f"^{name} must "):
        read_settings({name: value})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "postgresql:///majlis?host=/run/postgresql"),
        ("DATABASE_URL", "postgres://majlis:p%40ss@one:5432,[::1]:5433/majlis?sslmode=require"),
        ("REDIS_URL", "unix:///run/valkey.sock"),
        ("REDIS_URL", "rediss://:secret@[::1]:6380/1"),
        ("PUBLIC_URL", "http://[::1]:8000"),
    ],
)
def test_addresses_of_every_kind_are_taken_as_they_are(name: str, value: str) -> None:
    assert getattr(read_settings({name: value, "MAJLIS_KEY": KEY}), name.lower()) == value


@pytest.mark.parametrize("name", [each.name for each in VARIABLES if each.secret])
def test_a_secret_may_stand_in_a_file(name: str, tmp_path: Path) -> None:
    values = {
        "DATABASE_URL": "postgresql://database/majlis", "REDIS_URL": "redis://events", "MAJLIS_KEY": KEY,
    }  # fmt: skip
    file = tmp_path / "secret"
    file.write_text(values.get(name, "quiet") + "\n")
    beside = {"MAJLIS_KEY": KEY} if name == "DATABASE_URL" else {}
    given = read_settings({**beside, f"{name}_FILE": str(file)})
    value = getattr(given, name.lower())
    assert value in (values.get(name, "quiet"), (values.get(name, "quiet"),))


def test_a_secret_given_twice_missing_or_empty_is_refused(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.touch()
    with pytest.raises(SettingsError, match="META_APP_SECRET and META_APP_SECRET_FILE are both set"):
        read_settings({"META_APP_SECRET": "a", "META_APP_SECRET_FILE": str(empty)})
    with pytest.raises(SettingsError, match=r"META_APP_SECRET_FILE: .*missing cannot be read"):
        read_settings({"META_APP_SECRET_FILE": str(tmp_path / "missing")})
    with pytest.raises(SettingsError, match="META_APP_SECRET_FILE points at an empty file"):
        read_settings({"META_APP_SECRET_FILE": str(empty)})


def test_further_apps_name_their_own_variables(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text("school-new,school-old")
    settings = read_settings({"META_APP_SECRET": "ours", "SCHOOL_SECRET_FILE": str(file)})
    assert settings.secrets("env:META_APP_SECRET") == ("ours",)
    assert settings.secrets("env:META_VERIFY_TOKEN") == ()
    assert settings.secrets("env:SCHOOL_SECRET") == ("school-new", "school-old")
    assert settings.secrets("env:UNSET") == ()
    with pytest.raises(SettingsError, match="is no reference"):
        settings.secrets("sesame")


def test_secrets_do_not_show_when_settings_are_printed() -> None:
    settings = read_settings({"META_APP_SECRET": "sesame", "META_ACCESS_TOKEN": "sesame", "MAJLIS_KEY": KEY})
    assert "sesame" not in repr(settings)
    assert KEY not in repr(settings)
