"""What the environment says: one frozen struct, read once and checked before anything starts."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import msgspec

from server import settings_values as values
from server.domain.errors import SettingsError
from server.paths import DEMO_ORGANISATION


class Variable(msgspec.Struct, frozen=True):
    """One row of the table in docs/settings.md."""

    name: str
    parse: Callable[[str], Any]
    default: Any
    default_words: str
    meaning: str
    # A secret may stand in a file that NAME_FILE points at.
    secret: bool = False

    @property
    def field(self) -> str:
        return self.name.lower()


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    database_url: str | None
    redis_url: str | None
    host: str
    port: int
    public_url: str
    metrics_token: str | None
    trusted_proxies: tuple[values.Network, ...]
    meta_app_secret: tuple[str, ...]
    meta_verify_token: str | None
    meta_graph_url: str
    meta_instagram_graph_url: str
    meta_graph_version: str
    meta_media_hosts: tuple[str, ...]
    meta_access_token: str | None
    majlis_key: tuple[str, ...]
    majlis_data: Path
    majlis_files: str | None
    s3_endpoint: str | None
    s3_region: str | None
    s3_access_key_id: str | None
    s3_secret_access_key: str | None
    majlis_org: Path | None
    # Further apps of the organisation name their own variables: see `secrets`.
    environment: Mapping[str, str]

    def __repr__(self) -> str:
        return f"Settings(host={self.host!r}, port={self.port}, public_url={self.public_url!r}, …)"

    def secrets(self, reference: str) -> tuple[str, ...]:
        """The values behind an organisation's reference such as 'env:META_APP_SECRET', newest first; () if unset."""
        kind, _, name = reference.partition(":")
        if kind != "env" or not name:
            raise SettingsError(f"{reference!r} is no reference: write 'env:' and the name of a variable.")
        if name == "META_APP_SECRET":
            return self.meta_app_secret
        if name == "META_VERIFY_TOKEN":
            return (self.meta_verify_token,) if self.meta_verify_token else ()
        return values.listed(_given(self.environment, name, secret=True) or "")


def read_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """Raises `SettingsError` that names the variable."""
    read: dict[str, Any] = {}
    for variable in VARIABLES:
        given = _given(environment, variable.name, secret=variable.secret)
        try:
            read[variable.field] = variable.default if given is None else variable.parse(given)
        except ValueError as error:
            raise SettingsError(f"{variable.name} {error}") from None
    if read["public_url"] is None:
        host = read["host"] if read["host"] not in ("0.0.0.0", "::") else "localhost"  # noqa: S104
        read["public_url"] = f"http://{f'[{host}]' if ':' in host else host}:{read['port']}"
    return Settings(**read, environment=environment)


def settings_table() -> str:
    """The table of docs/settings.md."""
    rows = ["| Variable | Default | Meaning |", "|---|---|---|"]
    for each in VARIABLES:
        names = f"`{each.name}`, `{each.name}_FILE`" if each.secret else f"`{each.name}`"
        rows.append(f"| {names} | {each.default_words} | {each.meaning} |")
    return "\n".join(rows) + "\n"


def default_data_folder() -> Path:
    if os.geteuid() == 0:
        return Path("/var/lib/majlis/data")
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "majlis"


def _given(environment: Mapping[str, str], name: str, *, secret: bool) -> str | None:
    value = environment.get(name, "").strip()
    file = environment.get(f"{name}_FILE", "").strip() if secret else ""
    if value and file:
        raise SettingsError(f"{name} and {name}_FILE are both set: keep one.")
    if file:
        try:
            value = Path(file).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "not UTF-8 text"
            raise SettingsError(f"{name}_FILE: {file} cannot be read: {reason}") from None
        if not value:
            raise SettingsError(f"{name}_FILE points at an empty file.")
    return value or None


VARIABLES = (
    Variable(
        "DATABASE_URL", values.url("postgresql", "postgres"), None, "embedded PostgreSQL in `MAJLIS_DATA`",
        "PostgreSQL 15 or newer. Needed to run several processes.", secret=True,
    ),
    Variable(
        "REDIS_URL", values.url("redis", "rediss", "unix"), None, "none: one web process",
        "Redis or Valkey, carries console events between web processes. Losing it loses only seconds.", secret=True,
    ),
    Variable("HOST", str, "127.0.0.1", "`127.0.0.1`", "Address to listen on."),
    Variable(
        "PORT", values.port, 8000, "`8000`; none for `majlis work`",
        "Port to listen on; 0 takes any free one. `majlis work` answers only `/healthz`, `/readyz` and `/metrics`, and "
        "only where it is set: on one machine each process needs its own.",
    ),
    Variable(
        "PUBLIC_URL", values.origin, None, "`http://HOST:PORT`",
        "Where people reach the console. The only origin that may call it; `https` makes cookies secure.",
    ),
    Variable(
        "METRICS_TOKEN", str, None, "none: only this machine and administrators",
        "Whoever brings it as `Authorization: Bearer …` may read `/metrics` from anywhere.", secret=True,
    ),
    Variable(
        "TRUSTED_PROXIES", values.networks, (), "none",
        "Networks whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed, separated by commas.",
    ),
    Variable(
        "META_APP_SECRET", values.several, (), "none: every delivery is refused",
        "App secret of the default app. Several, separated by commas, while rotating.", secret=True,
    ),
    Variable(
        "META_VERIFY_TOKEN", str, None, "none: the handshake is refused",
        "The verify token entered in Meta's webhook settings.", secret=True,
    ),
    Variable(
        "META_GRAPH_URL", values.base_url, "https://graph.facebook.com", "`https://graph.facebook.com`",
        "Graph API for WhatsApp, Messenger, and Instagram by Facebook Login.",
    ),
    Variable(
        "META_INSTAGRAM_GRAPH_URL", values.base_url, "https://graph.instagram.com", "`https://graph.instagram.com`",
        "Graph API for Instagram by Instagram Login.",
    ),
    Variable("META_GRAPH_VERSION", values.graph_version, "v26.0", "`v26.0`", "Version of the Graph API."),
    Variable(
        "META_MEDIA_HOSTS", values.media_hosts, ("fbcdn.net", "fbsbx.com", "cdninstagram.com"),
        "`fbcdn.net,fbsbx.com,cdninstagram.com`",
        "From where customers' files are fetched, separated by commas: host names with their subdomains (https, public "
        "addresses only), or exact origins such as `http://127.0.0.1:8100`, which alone may be private: for tests.",
    ),
    Variable(
        "META_ACCESS_TOKEN", str, None, "none: inboxes use their own tokens (`majlis inbox token`)",
        "Access token for every inbox that has none of its own. `majlis demo` refuses to start beside it.", secret=True,
    ),
    Variable(
        "MAJLIS_KEY", values.keys, (), "made once in `MAJLIS_DATA`; required with `DATABASE_URL` (not by `demo`)",
        "Seals inbox tokens. Several, separated by commas, while rotating: the first seals, all open.", secret=True,
    ),
    Variable(
        "MAJLIS_DATA", Path, default_data_folder(),
        "`~/.local/share/majlis`, as root `/var/lib/majlis/data`",
        "Folder of the embedded database, generated keys and, unless `MAJLIS_FILES` says otherwise, files.",
    ),
    Variable(
        "MAJLIS_FILES", values.files_place, None, "`files` in `MAJLIS_DATA`",
        "Where the files of messages are kept: a folder that all processes share, or a bucket of any S3-compatible "
        "store as `s3://BUCKET/PREFIX` (install the extra `s3`).",
    ),
    Variable(
        "S3_ENDPOINT", values.base_url, None, "Amazon's own", "Address of the S3-compatible store of `MAJLIS_FILES`.",
    ),
    Variable("S3_REGION", str, None, "the store's own default", "Its region, where it has any."),
    Variable("S3_ACCESS_KEY_ID", str, None, "the machine's own role", "Its key.", secret=True),
    Variable("S3_SECRET_ACCESS_KEY", str, None, "the machine's own role", "The secret of its key.", secret=True),
    Variable(
        "MAJLIS_ORG", values.organisation_folder, None, f"none; the demo's is `server/{DEMO_ORGANISATION.name}`",
        "Organisation folder: what `majlis apply` takes when given none, and what `majlis migrate` applies. "
        "`majlis serve` and `majlis work` apply it only to a database that has none yet.",
    ),
)  # fmt: skip
