"""`majlis doctor` against a callback address and a Graph API that behave well, then badly."""

import asyncio
from collections.abc import AsyncIterator
from functools import partial

import msgspec
import pytest
from aiohttp import web

from server.__main__ import main
from server.channels.signature import app_proof
from server.channels.subscribed_fields import INSTAGRAM, MESSENGER, WHATSAPP
from server.store.pool import Pool
from server.store.vault import generate_key


class Meta(msgspec.Struct):
    """What the stand-ins answer."""

    token_status: int = 200
    subscribed: bool = True
    challenge: bool = True
    takes_any_token: bool = False
    deliveries: int = 0
    # A field that neither an account nor the app is subscribed to.
    unticked: str = ""
    asked: list[str] = []
    # Whose subscription there is.
    app: str = "1000000000000001"


@pytest.fixture
async def meta(database: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Meta]:
    """An installation whose public address and Graph API are served by this test."""
    played = Meta()
    app = web.Application()
    app.router.add_get("/webhooks/meta", partial(handshake, played))
    app.router.add_post("/webhooks/meta", partial(delivery, played))
    app.router.add_get("/v26.0/{path:.+}", partial(graph, played))
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    address = "http://{}:{}".format(*runner.addresses[0][:2])
    for name, value in {
        "DATABASE_URL": database, "MAJLIS_KEY": generate_key(), "MAJLIS_DATA": "/tmp", "PUBLIC_URL": address,
        "META_GRAPH_URL": address, "META_INSTAGRAM_GRAPH_URL": address, "META_APP_SECRET": "given",
        "META_VERIFY_TOKEN": "verify", "META_ACCESS_TOKEN": "EAAG-token",
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("REDIS_URL", raising=False)
    yield played
    await runner.cleanup()


async def handshake(played: Meta, request: web.Request) -> web.Response:
    known = request.query["hub.verify_token"] == "verify"
    if not (played.challenge if known else played.takes_any_token):
        return web.Response(status=403)
    return web.Response(text=request.query["hub.challenge"])


async def delivery(played: Meta, request: web.Request) -> web.Response:
    played.deliveries += 1
    return web.Response(status=403)


async def graph(played: Meta, request: web.Request) -> web.Response:
    played.asked.append(request.path)
    if request.path.endswith("/subscriptions"):
        assert request.headers["Authorization"] == f"Bearer {request.path.split('/')[2]}|given"
        ticked = {"whatsapp_business_account": WHATSAPP, "instagram": INSTAGRAM}
        data = [
            {"object": kind, "active": True, "fields": [{"name": each} for each in names if each != played.unticked]}
            for kind, names in ticked.items()
        ]
        return web.json_response({"data": data})
    assert request.headers["Authorization"] == "Bearer EAAG-token"
    # Apps may demand it of every call; sending carries it as well.
    assert request.query["appsecret_proof"] == app_proof("EAAG-token", "given")
    if played.token_status != 200:
        error = {"message": "Error validating access token: Session has expired", "code": 190}
        return web.json_response({"error": error}, status=played.token_status)
    fields = [each for each in {*MESSENGER, *INSTAGRAM} if each != played.unticked]
    return web.json_response({"data": [{"id": played.app, "subscribed_fields": fields}] if played.subscribed else []})


async def examine(capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    code = await asyncio.to_thread(main, ["doctor"])
    return code, capsys.readouterr().out


async def test_tokens_and_subscriptions_of_every_inbox_are_asked(
    meta: Meta, capsys: pytest.CaptureFixture[str]
) -> None:
    code, said = await examine(capsys)
    assert "answers the handshake" in said
    assert "ok    token        financial-whatsapp is accepted" in said
    assert "ok    subscription financial-whatsapp is subscribed" in said
    assert "ok    clock        agrees with Meta" in said
    assert any(path.endswith("/subscribed_apps") for path in meta.asked)
    # The test's own address is not https, which Meta would refuse.
    assert code == 1
    assert said.count("→") == 1
    assert "EAAG" not in said
    # Its refusal would stand in the logs as a stranger's.
    assert meta.deliveries == 0


async def test_each_failure_has_its_remedy(meta: Meta, capsys: pytest.CaptureFixture[str]) -> None:
    meta.token_status, meta.challenge, meta.takes_any_token = 400, False, True
    _, said = await examine(capsys)
    assert "financial-whatsapp: Error validating access token: Session has expired" in said
    assert "Make a new one and run: majlis inbox token financial-whatsapp" in said
    assert "answers 403 to the handshake" in said
    assert "That is not Majlis: check PUBLIC_URL." in said


async def test_a_missing_subscription_says_how_to_subscribe(meta: Meta, capsys: pytest.CaptureFixture[str]) -> None:
    meta.subscribed = False
    _, said = await examine(capsys)
    assert "financial-whatsapp: our app is not subscribed" in said
    assert "/subscribed_apps, or subscribe in Meta's app dashboard." in said


async def test_another_apps_subscription_is_not_ours(meta: Meta, capsys: pytest.CaptureFixture[str]) -> None:
    meta.app = "2000000000000002"
    _, said = await examine(capsys)
    assert "financial-whatsapp: our app is not subscribed" in said


async def test_only_apps_that_an_inbox_names_are_examined_each_by_its_own_token(
    meta: Meta, pool: Pool, capsys: pytest.CaptureFixture[str]
) -> None:
    await pool.execute(
        "insert into meta_app (id, definition) select 'second', definition ||"
        ' \'{"id": "second", "secret": "env:META_APP_SECRET", "verify_token": "env:SECOND_TOKEN"}\''
        " from meta_app where id = 'default'"
    )
    await pool.execute('update inbox set definition = definition || \'{"app": "second"}\'')
    _, said = await examine(capsys)
    assert "app 'default'" not in said
    assert "app 'second' has no verify token" in said
    assert "answers 403 to the handshake of app 'second'" in said
    assert "it runs with another SECOND_TOKEN." in said


async def test_fields_that_nobody_ticked_are_named(meta: Meta, capsys: pytest.CaptureFixture[str]) -> None:
    meta.unticked = "standby"
    _, said = await examine(capsys)
    assert "wrong app          default lacks fields of whatsapp_business_account: standby" in said
    assert "wrong app          default lacks fields of instagram: standby" in said
    assert "In Meta's app settings, Webhooks, instagram, tick these fields." in said
    assert "wrong subscription education-instagram lacks fields: standby" in said
    assert "wrong subscription education-messenger lacks fields: standby" in said
    assert "ok    subscription financial-instagram is subscribed" in said


async def test_an_instagram_account_by_facebook_login_without_its_page_is_named(
    meta: Meta, pool: Pool, capsys: pytest.CaptureFixture[str]
) -> None:
    await pool.execute("update inbox set definition = definition - 'page_id' where id = 'financial-instagram'")
    _, said = await examine(capsys)
    assert "wrong subscription financial-instagram has no page_id: nothing can be sent or subscribed for it" in said
    assert "→ Add the Facebook page's id (page_id) to org.toml, and run: majlis apply" in said
    assert "ok    subscription hospitality-instagram is subscribed" in said
    assert "/v26.0/109870000000102/subscribed_apps" in meta.asked


async def test_https_without_a_trusted_proxy_is_named(
    meta: Meta, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PUBLIC_URL", "https://127.0.0.1:9")
    monkeypatch.delenv("TRUSTED_PROXIES", raising=False)
    assert "TRUSTED_PROXIES is empty" in (await examine(capsys))[1]
    monkeypatch.setenv("TRUSTED_PROXIES", "10.0.0.0/8")
    assert "TRUSTED_PROXIES" not in (await examine(capsys))[1]


async def test_addresses_where_nothing_answers_are_named(
    meta: Meta, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("PUBLIC_URL", "META_GRAPH_URL", "META_INSTAGRAM_GRAPH_URL"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    _, said = await examine(capsys)
    assert "http://127.0.0.1:9/webhooks/meta cannot be reached" in said
    assert "financial-whatsapp: http://127.0.0.1:9 cannot be reached" in said
    assert "Check this machine's DNS, proxy and firewall." in said
    assert "Make a new one" not in said
