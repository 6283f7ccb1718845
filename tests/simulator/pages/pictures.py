"""`python -m tests.simulator.pages.pictures FOLDER`: the phone page with every kind said and heard, on each channel.

Saves phone-CHANNEL-WIDTH-THEME-LANGUAGE.png; needs no product and no database.
"""

import argparse
import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

if __name__ == "__main__":
    # As pytest does: the folder of all tests is where their helpers are imported from.
    sys.path.insert(0, str(Path(__file__).parents[2]))

import aiohttp
from aiohttp import web
from chromium import launched
from playwright.async_api import Browser
from simulator.meta_side import BUSINESSES, SECRET, Meta, Receiver
from simulator.telling import INBOX, SARA, answered, send
from simulator.test_said_in_every_kind import SAID, Line

from server.domain.channel_limits import LIMITS
from server.domain.outgoing import Choices, kind_of
from server.simulator import inboxes
from server.simulator.config import SimulatorConfig
from server.simulator.kinds.catalogue import names
from server.simulator.serving import running

HEIGHTS = {"whatsapp": 4800, "messenger": 4600, "instagram": 4200}


@asynccontextmanager
async def simulated(folder: Path) -> AsyncIterator[Meta]:
    """A simulator whose webhooks are taken and forgotten."""
    receiver = Receiver()
    app = web.Application()
    app.router.add_post("/webhooks/meta", receiver.take)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    config = SimulatorConfig(
        callback=f"http://127.0.0.1:{runner.addresses[0][1]}/webhooks/meta",
        inboxes=inboxes.from_document(BUSINESSES).inboxes, secret=SECRET, verify_token="verify-me", pace=0.0,
        log=folder / "meta.jsonl", seed=7,
    )  # fmt: skip
    async with running(config) as place, aiohttp.ClientSession() as session:
        yield Meta(place, session, config)
    await runner.cleanup()


async def say_everything(meta: Meta, channel: str) -> None:
    """Every kind the customer can tell, then every kind the business can send there."""
    await send(meta, channel, "text", text="Hello")
    await answered(meta, channel)
    for kind in names()[channel]:
        await send(meta, channel, kind)
    line = Line(meta, INBOX[channel], SARA)
    for outgoing in SAID:
        in_sections = isinstance(outgoing, Choices) and bool(outgoing.sections) and channel != "whatsapp"
        if kind_of(outgoing) in LIMITS[line.inbox.channel].sends and not in_sections:
            await line.send(await line.with_file(outgoing))
    await meta.settled()


async def take(folder: Path) -> None:
    with TemporaryDirectory() as scratch:
        async with simulated(Path(scratch)) as meta, launched() as browser:
            for channel in INBOX:
                await say_everything(meta, channel)
                for width in (1440, 390):
                    for theme in ("light", "dark"):
                        for language in ("en", "ar"):
                            path = folder / f"phone-{channel}-{width}-{theme}-{language}.png"
                            await _one(browser, meta.url, channel, width, theme, language, path)


async def _one(browser: Browser, root: str, channel: str, width: int, theme: str, language: str, path: Path) -> None:
    context = await browser.new_context(
        viewport={"width": width, "height": HEIGHTS[channel]}, color_scheme="dark" if theme == "dark" else "light"
    )
    await context.add_cookies([{"name": "simulator_language", "value": language, "url": root}])
    page = await context.new_page()
    await page.goto(f"{root}/phone/{SARA}/{INBOX[channel]}")
    await page.locator(".own").last.wait_for()
    await page.wait_for_timeout(500)
    await page.screenshot(path=path)
    await context.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    asyncio.run(take(given.folder))


if __name__ == "__main__":
    main()
