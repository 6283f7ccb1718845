"""The pages as a browser asks for them: who gets which, and what the first paint brings."""

import hashlib
import re
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from types import SimpleNamespace
from typing import Any, cast

import httpx
import msgspec
import pytest
from conftest import TestServices
from factories import make_conversation, make_viewer

from server.actions import sessions
from server.actions.unit import Services
from server.domain.access import Viewer
from server.domain.model import ConversationState, Role
from server.store.pool import Pool
from server.web.application import web_application

ORIGIN = "http://console.test"
HTML = {"accept": "text/html", "host": "console.test", "origin": ORIGIN}
Client = httpx.AsyncClient
SignIn = Callable[[Viewer], Awaitable[Client]]


@pytest.fixture
async def client(services: TestServices) -> AsyncIterator[Client]:
    # Exactly `Services`: the framework checks dependencies by their very type.
    plain = Services(**{name: getattr(services, name) for name in Services.__struct_fields__})
    app = web_application(plain, SimpleNamespace(public_url=ORIGIN), SimpleNamespace(live=True))
    # In the test's own loop, where the pool lives.
    transport = httpx.ASGITransport(app=cast(Any, app), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=ORIGIN, headers=HTML) as opened:
        yield opened


@pytest.fixture
def signed_in(client: Client, services: TestServices) -> SignIn:
    async def enter(viewer: Viewer) -> Client:
        link = await sessions.make_sign_in_link(services, viewer.email)
        response = await client.post(f"/sign-in/link/{link}")
        assert response.status_code == 303
        return client

    return enter


def page_data(text: str) -> Any:
    found = re.search(r'id="page-data"[^>]*>(.*?)</script>', text, re.DOTALL)
    assert found is not None
    return msgspec.json.decode(found[1])


async def test_a_stranger_is_sent_to_the_door_and_back_afterwards(client: Client) -> None:
    response = await client.get("/desk?view=queued")
    assert response.status_code == 303
    assert response.headers["location"] == "/sign-in?next=/desk%3Fview%3Dqueued"
    door = await client.get(response.headers["location"])
    assert 'name="next" value="/desk?view=queued"' in door.text


async def test_the_door_never_leads_to_another_site(client: Client) -> None:
    door = await client.get("/sign-in?next=//elsewhere.example/desk")
    assert "elsewhere" not in door.text.split("page-data")[0].split("<form")[1].split("</form>")[0]


async def test_a_wrong_password_keeps_the_email_and_says_so_in_arabic(client: Client) -> None:
    response = await client.post(
        "/sign-in?language=ar", data={"email": "amal@majlis.example", "password": "guess", "next": "/desk"}
    )
    assert response.status_code == 401
    assert 'dir="rtl"' in response.text
    assert 'value="amal@majlis.example"' in response.text
    assert "البريد الإلكتروني أو كلمة المرور غير صحيحة." in response.text


async def test_a_link_is_only_used_by_its_button(client: Client, services: TestServices, pool: Pool) -> None:
    amal = await make_viewer(pool, "Amal Haddad")
    link = await sessions.make_sign_in_link(services, amal.email)
    for _ in range(2):
        assert "Your sign-in link" in (await client.get(f"/sign-in/link/{link}")).text
    entered = await client.post(f"/sign-in/link/{link}")
    assert entered.headers["location"] == "/"
    assert "HttpOnly" in entered.headers["set-cookie"]


@pytest.mark.parametrize(("role", "place"), [(Role.ADVISOR, "/inbox"), (Role.SUPERVISOR, "/desk"),
                                             (Role.ADMINISTRATOR, "/desk"), (Role.OWNER, "/desk")])  # fmt: skip
async def test_home_is_where_the_role_works(signed_in: SignIn, pool: Pool, role: Role, place: str) -> None:
    client = await signed_in(await make_viewer(pool, "Dina Farouk", role=role))
    response = await client.get("/")
    assert response.headers["location"] == place


async def test_the_inbox_arrives_with_its_conversations_and_no_foreign_script(signed_in: SignIn, pool: Pool) -> None:
    amal = await make_viewer(pool, "Amal Haddad")
    held = await make_conversation(pool, owner=amal, text="</script><script>alert(1)</script>")
    client = await signed_in(amal)
    response = await client.get(f"/inbox/{held.id}")
    data = page_data(response.text)
    assert [each["id"] for each in data["inbox"]["conversations"]] == [held.id]
    assert data["thread"]["messages"][0]["text"] == "</script><script>alert(1)</script>"
    assert "<script>alert" not in response.text
    nonces = set(re.findall(r'nonce="([^"]*)"', response.text))
    assert len(nonces) == 1
    assert f"'nonce-{nonces.pop()}'" in response.headers["content-security-policy"]
    assert response.headers["cache-control"] == "no-store"


async def test_no_page_holds_inline_style_or_handlers(signed_in: SignIn, pool: Pool) -> None:
    client = await signed_in(await make_viewer(pool, "Nadia Rahman", role=Role.ADMINISTRATOR))
    for path in ("/desk", "/settings", "/nowhere"):
        text = (await client.get(path)).text
        assert not re.search(r"\sstyle=|\son\w+=|<style", text), path


async def test_an_owner_gets_the_board_without_conversations(signed_in: SignIn, pool: Pool) -> None:
    waiting = await make_conversation(pool, text="My account number is 4711")
    client = await signed_in(await make_viewer(pool, "Olga Marin", role=Role.OWNER))
    response = await client.get("/desk")
    data = page_data(response.text)
    assert data["conversations"] is None
    assert data["board"]["totals"]["queued"] == 1
    assert "4711" not in response.text
    refused = await client.get(f"/desk/{waiting.id}")
    assert refused.status_code == 403
    assert "4711" not in refused.text


async def test_a_supervisor_gets_what_the_address_asks_for(signed_in: SignIn, pool: Pool) -> None:
    amal = await make_viewer(pool, "Amal Haddad")
    held = await make_conversation(pool, owner=amal)
    await make_conversation(pool)
    await make_conversation(pool, state=ConversationState.RESOLVED)
    client = await signed_in(await make_viewer(pool, "Nadia Rahman", role=Role.SUPERVISOR))
    data = page_data((await client.get(f"/desk/{held.id}?owner={amal.user_id}&view=all")).text)
    assert [each["id"] for each in data["conversations"]["conversations"]] == [held.id]
    assert data["thread"]["conversation"]["id"] == held.id
    nonsense = await client.get("/desk?owner=½&view=everything&sector=education")
    assert page_data(nonsense.text)["conversations"]["conversations"] == []


async def test_what_lies_behind_a_wall_is_a_page_that_says_nothing(signed_in: SignIn, pool: Pool) -> None:
    other = await make_conversation(pool, sector="hospitality", state=ConversationState.QUEUED, text="Table for 4")
    client = await signed_in(await make_viewer(pool, "Nadia Rahman", role=Role.SUPERVISOR))
    hidden, missing = await client.get(f"/desk/{other.id}"), await client.get("/desk/999999")
    assert hidden.status_code == missing.status_code == 404
    assert hidden.text.count("Table for 4") == 0
    assert "There is nothing here" in hidden.text


async def test_settings_show_devices_and_sign_out_needs_the_token(
    signed_in: SignIn, services: TestServices, pool: Pool
) -> None:
    amal = await make_viewer(pool, "Amal Haddad", language="ar")
    client = await signed_in(amal)
    page = await client.get("/settings")
    assert '<html lang="ar" dir="rtl">' in page.text
    assert "هذا الجهاز" in page.text
    assert (await client.post("/sign-out", data={"csrf_token": secrets.token_urlsafe()})).status_code == 403
    token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
    assert token is not None
    gone = await client.post("/sign-out", data={"csrf_token": token[1]})
    assert gone.headers["location"] == "/sign-in?signed_out=1"
    digest = hashlib.sha256((client.cookies.get("majlis_session") or "").encode()).digest()
    assert await pool.fetchval("select count(*) from session where token_hash = $1", digest) == 0


async def test_static_files_keep_for_ever_under_their_own_address(client: Client) -> None:
    text = (await client.get("/sign-in")).text
    sheet = re.search(r'href="(/static/[0-9a-f]{12}/css/tokens\.css)"', text)
    assert sheet is not None
    response = await client.get(sheet[1])
    assert response.status_code == 200
    assert "immutable" in response.headers["cache-control"]
    assert '"lib/i18n"' in text
    assert '"preact"' in text


async def test_the_database_away_is_told_plainly(client: Client, pool: Pool) -> None:
    client.cookies.set("majlis_session", "whatever")
    await pool.close()
    response = await client.get("/desk")
    assert response.status_code == 503
    assert "retry-after" in response.headers
    assert "The database is out of reach" in response.text
