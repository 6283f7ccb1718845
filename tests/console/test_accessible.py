"""axe-core finds nothing, in any scene, theme or language."""

from collections.abc import Awaitable, Callable

import pytest
from console import acts
from console import stand_in_scenes as scenes
from console.conftest import Open
from console.stand_in_world import World
from console.test_inbox_page import busy
from playwright.async_api import Page

from server import paths

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

AXE = paths.STATIC.parent / "tests" / "vendor" / "axe.min.js"
RUN = """async () => (await axe.run(document, {resultTypes: ["violations"]})).violations
  .map(({id, nodes}) => `${id}: ${nodes.map((node) => node.html.slice(0, 160)).join(" | ")}`)"""
SAY = """async () => {
  const {say} = await import(new URL("lib/toasts.js", document.querySelector('script[type="module"]').src));
  say("Maryam Al-Suwaidi: Resolved", {act: "Undo", onAct: () => {}, forMs: 60000});
  say("That did not work. Try again in a moment, or ask for help.", {tone: "failed", forMs: 60000});
}"""
Then = Callable[[Page, World], Awaitable[object]]


async def offered(page: Page, world: World) -> None:
    await world.make_offer(scenes.offer(world.now()))
    await page.get_by_role("dialog", name="Khalid Rahmani").wait_for()


async def away(page: Page, world: World) -> None:
    world.me |= {"presence": "away", "presence_reason": "missed_offer"}
    await page.reload()
    await page.locator(".missed-offer").wait_for()


async def stale(page: Page, world: World) -> None:
    await page.locator(".composer-field").fill("Yes.")
    await world.colleague_replies(1, "Omar here.")
    await page.locator(".stale-banner").wait_for()
    await page.locator(".composer-field").press("Enter")
    await page.locator(".reply-trouble").wait_for()


async def transferring(page: Page, world: World) -> None:
    world.targets = {
        "queues": [{"id": "vip", "name": "VIP desk"}],
        "advisors": [{"id": 8, "name": "Omar Nasser", "presence": "away", "load": 2, "capacity": 5}],
    }
    await page.keyboard.press("Alt+t")
    await page.locator(".target").first.wait_for()


async def details(page: Page, _world: World) -> None:
    await page.keyboard.press("l")
    await page.locator(".deadlines").wait_for()


async def told(page: Page, world: World) -> None:
    await offered(page, world)
    await page.evaluate(SAY)
    await page.locator(".toast").nth(1).wait_for()


async def noting(page: Page, _world: World) -> None:
    await page.keyboard.press("n")
    await page.keyboard.type("For colleagues")


async def presence(page: Page, _world: World) -> None:
    await page.locator("#presence button").click()


async def merging(page: Page, world: World) -> None:
    world.me["rights"]["supervise"] = True
    await page.reload()
    await page.locator(".same-person button").click()
    await page.keyboard.type("an")
    await page.locator(".merge-row").first.click()
    await page.locator(".merge-sides").wait_for()


def by(act: Callable[[Page], Awaitable[object]]) -> Then:
    async def then(page: Page, _world: World) -> None:
        await act(page)

    return then


def filled(form: str) -> Then:
    return by(lambda page: acts.fill_form(page, form))


FORMS = {
    "choices": "/inbox/54", "list": "/inbox/54", "link": "/inbox/54", "buttons": "/inbox/53", "cards": "/inbox/53",
    "contacts": "/inbox/54", "location": "/inbox/54",
}  # fmt: skip


async def above(page: Page, _world: World) -> None:
    await page.locator(".timeline").evaluate("box => box.scrollTo(0, 0)")


SCENES: dict[str, tuple[str, int, Then | None]] = {
    "thread": ("/inbox/1", 1440, None),
    "thread from its start": ("/inbox/1", 1440, above),
    "long words": ("/inbox/3", 1440, None),
    "closed window": ("/inbox/4", 1440, None),
    "list on a phone": ("/inbox", 390, None),
    "thread on a phone": ("/inbox/1", 390, None),
    "two panes": ("/inbox/1", 1024, None),
    "resolved": ("/inbox?view=resolved", 1440, None),
    "not there": ("/inbox/999", 1440, None),
    "offer": ("/inbox", 1440, offered),
    "offer beside a conversation on a phone": ("/inbox/1", 390, offered),
    "away": ("/inbox", 1440, away),
    "stale": ("/inbox/1", 1440, stale),
    "transfer": ("/inbox/1", 1440, transferring),
    "note": ("/inbox/1", 1440, noting),
    "details": ("/inbox/1", 1440, details),
    "details on a phone": ("/inbox/1", 390, details),
    "toasts": ("/inbox/1", 1440, told),
    "toasts on a phone": ("/inbox/1", 390, told),
    "presence": ("/inbox", 1440, presence),
    "kinds of WhatsApp": ("/inbox/51", 1440, above),
    "kinds of Instagram": ("/inbox/52", 1440, above),
    "kinds of Messenger": ("/inbox/53", 1440, None),
    "what we send": ("/inbox/54", 1440, above),
    "newest of what we send": ("/inbox/54", 390, None),
    "kinds on a phone": ("/inbox/51", 390, None),
    "templates": ("/inbox/55", 1440, None),
    "template filled in": ("/inbox/55", 390, by(acts.fill_template)),
    "seven days": ("/inbox/56", 1440, None),
    "files": ("/inbox/54", 1440, by(acts.fill_tray)),
    "menu of a message": ("/inbox/51", 1440, by(acts.open_menu)),
    "earlier words": ("/inbox/51", 390, by(acts.open_earlier)),
    "emoji": ("/inbox/51", 390, by(acts.open_emoji)),
    "photo": ("/inbox/51", 1440, by(acts.open_viewer)),
    "recorder": ("/inbox/54", 390, by(acts.record)),
    "menu of forms": ("/inbox/54", 390, by(acts.open_plus)),
    **{f"form: {form}": (path, (1440, 390)[n % 2], filled(form)) for n, (form, path) in enumerate(FORMS.items())},
    "attempts": ("/inbox/54", 390, by(acts.open_attempts)),
    "merging": ("/inbox/51", 1440, merging),
}


# Two faces between them: every scene is seen in one, so that both are looked at often and the whole stays short.
FACES = (("en", "light"), ("ar", "dark"))


@pytest.mark.parametrize(("scene", "face"), [(scene, FACES[n % 2]) for n, scene in enumerate(SCENES)])
async def test_axe_finds_nothing(open_console: Open, scene: str, face: tuple[str, str]) -> None:
    path, width, then = SCENES[scene]
    language, scheme = face
    world = busy(language=language)
    if path > "/inbox/5":
        world.hold(*scenes.every_kind(world.now()))
    page = await open_console(world, path, width=width, scheme=scheme, permissions=("microphone",))
    if then:
        await then(page, world)
    await page.evaluate(AXE.read_text())
    assert await page.evaluate(RUN) == []
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")


async def test_an_empty_inbox_is_accessible_too(open_console: Open) -> None:
    page = await open_console(World())
    await page.evaluate(AXE.read_text())
    assert await page.evaluate(RUN) == []
