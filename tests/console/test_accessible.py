"""axe-core finds nothing, in any scene, theme or language."""

from collections.abc import Awaitable, Callable

import pytest
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
Then = Callable[[Page, World], Awaitable[object]]


async def offered(page: Page, world: World) -> None:
    await world.make_offer(scenes.offer(world.now()))
    await page.get_by_role("dialog", name="Khalid Rahmani").wait_for()


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


async def noting(page: Page, _world: World) -> None:
    await page.keyboard.press("n")
    await page.keyboard.type("For colleagues")


async def presence(page: Page, _world: World) -> None:
    await page.locator("#presence button").click()


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
    "stale": ("/inbox/1", 1440, stale),
    "transfer": ("/inbox/1", 1440, transferring),
    "note": ("/inbox/1", 1440, noting),
    "presence": ("/inbox", 1440, presence),
}


# Two faces between them: every scene is seen in one, so that both are looked at often and the whole stays short.
FACES = (("en", "light"), ("ar", "dark"))


@pytest.mark.parametrize(("scene", "face"), [(scene, FACES[n % 2]) for n, scene in enumerate(SCENES)])
async def test_axe_finds_nothing(open_console: Open, scene: str, face: tuple[str, str]) -> None:
    path, width, then = SCENES[scene]
    language, scheme = face
    world = busy(language=language)
    page = await open_console(world, path, width=width, scheme=scheme)
    if then:
        await then(page, world)
    await page.evaluate(AXE.read_text())
    assert await page.evaluate(RUN) == []


async def test_an_empty_inbox_is_accessible_too(open_console: Open) -> None:
    page = await open_console(World())
    await page.evaluate(AXE.read_text())
    assert await page.evaluate(RUN) == []
