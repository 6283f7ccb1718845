"""What `majlis doctor` sees on this machine and in the database: disk, clock, keys, Redis."""

import shutil
from collections.abc import AsyncIterator, Mapping

import redis.asyncio
from redis.exceptions import RedisError

from server.commands.findings import Finding, bad, good
from server.domain.errors import SettingsError
from server.domain.organisation import Organisation
from server.settings import Settings
from server.store.inboxes import InboxState
from server.store.vault import Vault

_LEAST_DISK = 2 * 1024**3
# More than one whole second of an HTTP date and a slow answer.
_MOST_SECONDS_OFF = 5.0

NO_PROXY = "PUBLIC_URL is https but TRUSTED_PROXIES is empty: all sign-ins count as from one address"


def disk(settings: Settings) -> Finding:
    folder = settings.majlis_data.absolute()
    # Beside a given database nobody may have made it yet.
    free = shutil.disk_usage(next(each for each in (folder, *folder.parents) if each.exists())).free
    words = f"{free / 1024**3:.1f} GiB free under {settings.majlis_data}"
    if free < _LEAST_DISK:
        return bad("disk", words, "Free some space or move MAJLIS_DATA: a full disk stops the intake.")
    return good("disk", words)


def clock(seconds_off: float, whose: str) -> Finding:
    if abs(seconds_off) > _MOST_SECONDS_OFF:
        return bad("clock", f"{abs(seconds_off):.0f} seconds off {whose}", "Let NTP set it: timedatectl set-ntp true")
    return good("clock", f"agrees with {whose}")


def proxy(settings: Settings) -> list[Finding]:
    """Majlis itself speaks no TLS, so that https always means a proxy in front."""
    if not settings.public_url.startswith("https:") or settings.trusted_proxies:
        return []
    return [bad("proxy", NO_PROXY, "Set TRUSTED_PROXIES to the addresses of the proxy.")]


def keys(settings: Settings, organisation: Organisation, inboxes: Mapping[str, InboxState]) -> list[Finding]:
    return [*_app_keys(settings, organisation), *_sealed_tokens(settings, organisation, inboxes)]


async def event_server(settings: Settings) -> AsyncIterator[Finding]:
    if settings.redis_url is None:
        return
    client = redis.asyncio.from_url(settings.redis_url)
    try:
        await client.ping()
        yield good("redis", "answers")
    except (RedisError, OSError) as error:
        yield bad("redis", f"does not answer ({type(error).__name__})", "Start it, or correct REDIS_URL.")
    finally:
        await client.aclose()


def _app_keys(settings: Settings, organisation: Organisation) -> list[Finding]:
    found = []
    for app in organisation.apps_in_use:
        for what, reference, source in (
            ("secret", app.secret, "from Meta's app dashboard."),
            ("verify token", app.verify_token, "to any long random text, and enter the same in Meta's app dashboard."),
        ):
            name = reference.removeprefix("env:")
            try:
                missing = not settings.secrets(reference)
            except SettingsError as error:
                found.append(bad("keys", str(error), f"Correct the app '{app.id}' in the organisation."))
                continue
            if missing:
                found.append(bad("keys", f"app '{app.id}' has no {what}", f"Set {name} {source}"))
            else:
                found.append(good("keys", f"app '{app.id}' has its {what}"))
    return found


def _sealed_tokens(settings: Settings, organisation: Organisation, inboxes: Mapping[str, InboxState]) -> list[Finding]:
    vault = Vault(settings.majlis_key)
    found = []
    for name in organisation.inboxes:
        state = inboxes.get(name)
        remedy = f"Run: majlis inbox token {name}"
        if state is None or state.token is None:
            if settings.meta_access_token is None:
                found.append(bad("keys", f"{name} has no access token", remedy))
            continue
        try:
            vault.open(state.token)
        except SettingsError:
            words = f"MAJLIS_KEY does not open the token of {name}"
            found.append(bad("keys", words, f"Put the old key behind the new one. {remedy}"))
        if state.paused_at is not None:
            found.append(bad("keys", f"{name} is paused: {state.paused_reason}", remedy))
    return found or [good("keys", "MAJLIS_KEY opens every inbox token")]
