"""`python -m tests.console.pictures FOLDER`: every kind of message and every face of the composer, on the stand-in.

Saves NAME-WIDTH-THEME-LANGUAGE.png. `--only WORD` saves what contains it; needs no server and no database.
"""

import argparse
import asyncio
import sys
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path

if __name__ == "__main__":
    # As pytest does: the folder of all tests is where their helpers are imported from.
    sys.path.insert(0, str(Path(__file__).parents[1]))

from aiohttp import web
from chromium import MICROPHONE, launched
from console import acts
from console.stand_in import application
from console.stand_in_scenes import every_kind
from console.stand_in_world import World
from playwright.async_api import Browser, Page

Then = Callable[[Page], Awaitable[object]]
# Name → place, height, what is done there first. The tall ones show a whole conversation.
SHOTS: dict[str, tuple[str, int, Then | None]] = {
    "whatsapp": ("/inbox/51", 5600, None),
    "instagram": ("/inbox/52", 5200, None),
    "messenger": ("/inbox/53", 2500, None),
    "sent": ("/inbox/54", 4400, None),
    "closed": ("/inbox/55", 900, None),
    "human-agent": ("/inbox/56", 900, None),
    "tray": ("/inbox/54", 900, acts.fill_tray),
    "recorder": ("/inbox/54", 900, acts.record),
    "template": ("/inbox/55", 900, acts.fill_template),
    "menu": ("/inbox/51", 900, acts.open_menu),
    "earlier": ("/inbox/51", 900, acts.open_earlier),
    "emoji": ("/inbox/51", 900, acts.open_emoji),
    "viewer": ("/inbox/51", 900, acts.open_viewer),
    "plus": ("/inbox/54", 900, acts.open_plus),
    "form-choices": ("/inbox/54", 900, partial(acts.fill_form, form="choices")),
    "form-list": ("/inbox/54", 900, partial(acts.fill_form, form="list")),
    "form-link": ("/inbox/54", 900, partial(acts.fill_form, form="link")),
    "form-buttons": ("/inbox/53", 900, partial(acts.fill_form, form="buttons")),
    "form-cards": ("/inbox/53", 900, partial(acts.fill_form, form="cards")),
    "form-contacts": ("/inbox/54", 900, partial(acts.fill_form, form="contacts")),
    "form-location": ("/inbox/54", 900, partial(acts.fill_form, form="location")),
    "attempts": ("/inbox/54", 900, acts.open_attempts),
    "drop": ("/inbox/54", 900, acts.drag_over),
}


async def take(folder: Path, only: str, widths: list[int], languages: list[str], themes: list[str]) -> None:
    async with launched(*MICROPHONE) as browser:
        for language in languages:
            world = World(language=language)
            world.hold(*every_kind(world.now()))
            runner = web.AppRunner(application(world))
            await runner.setup()
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            root = f"http://127.0.0.1:{runner.addresses[0][1]}"
            for name, shot in SHOTS.items():
                if only in name:
                    for width in widths:
                        for theme in themes:
                            path = folder / f"{name}-{width}-{theme}-{language}.png"
                            await _one(browser, root, shot, width, theme, path)
            await runner.cleanup()


async def _one(
    browser: Browser, root: str, shot: tuple[str, int, Then | None], width: int, theme: str, path: Path
) -> None:
    address, height, then = shot
    context = await browser.new_context(
        viewport={"width": width, "height": height if then is None else 900}, has_touch=width < 700,
        color_scheme="dark" if theme == "dark" else "light", reduced_motion="reduce",
        permissions=["microphone", "clipboard-write"],
    )  # fmt: skip
    page = await context.new_page()
    await page.goto(root + address)
    await page.locator(".composer").wait_for()
    await page.wait_for_load_state("networkidle")
    if then:
        await then(page)
    await page.screenshot(path=path)
    await context.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", default="")
    parser.add_argument("--width", type=int, action="append")
    parser.add_argument("--language", action="append")
    parser.add_argument("--theme", action="append")
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    widths, languages = given.width or [1440, 390], given.language or ["en", "ar"]
    asyncio.run(take(given.folder, given.only, widths, languages, given.theme or ["light", "dark"]))


if __name__ == "__main__":
    main()
