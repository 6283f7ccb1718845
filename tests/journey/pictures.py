"""`python -m tests.journey.pictures FOLDER`: every page at both widths, in both themes and both languages.

Starts the product with the demo's organisation, lets customers and advisors talk until there is something to see, and
saves PAGE-WIDTH-THEME-LANGUAGE.png. `--only WORD` saves the pages whose name contains it.
"""

import argparse
import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urljoin

if __name__ == "__main__":
    # As pytest does: the folder of all tests is where their helpers are imported from.
    sys.path.insert(0, str(Path(__file__).parents[1]))

from journey import scene
from journey.browsing import PHONE, THEMES, WIDE, chromium, go_online, sign_in, window
from journey.product import Product, product
from playwright.async_api import Browser, Page

LANGUAGES = ("en", "ar")
SIZES = (WIDE, PHONE)
_TWO_FRAMES = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
_SAY = """async () => {
  const beside = (name) => import(new URL(name, document.querySelector('script[type="module"]').src));
  const {say} = await beside("lib/toasts.js");
  const {t} = await beside("lib/i18n.js");
  say(`James Whitfield: ${t("Resolved")}`, {act: t("Undo"), forMs: 60000});
  say(t("That did not work. Try again in a moment."), {tone: "failed", forMs: 60000});
}"""
_CHOOSE = """(language) => fetch("/api/me", {method: "PATCH", body: JSON.stringify({language}), headers: {
  "content-type": "application/json",
  "x-csrf-token": document.querySelector('meta[name="csrf-token"]').content}})"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", default="", help="of the names of the pages")
    parser.add_argument("--size", type=int, help="one width instead of both")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    sizes = [size for size in SIZES if options.size in (None, size[0])]
    asyncio.run(_take(Album(options.folder, options.only, sizes)))


class Album:
    def __init__(self, folder: Path, only: str, sizes: list[tuple[int, int]]) -> None:
        self._folder = folder
        self._only = only
        self._sizes = sizes

    def wants(self, *names: str) -> bool:
        return any(self._only in name for name in names)

    async def add(self, page: Page, name: str, language: str) -> None:
        """The page as it stands, at each width and in each theme."""
        if not self.wants(name):
            return
        for size in self._sizes:
            await page.set_viewport_size({"width": size[0], "height": size[1]})
            for theme in THEMES:
                await page.emulate_media(color_scheme="dark" if theme == "dark" else "light", reduced_motion="reduce")
                # What depends on the width is drawn again.
                await page.evaluate(_TWO_FRAMES)
                await page.screenshot(path=self._folder / f"{name}-{size[0]}-{theme}-{language}.png")
        await page.set_viewport_size({"width": WIDE[0], "height": WIDE[1]})


async def _take(album: Album) -> None:
    async with product({}) as running, chromium() as browser:
        await _doors(album, running, browser)
        async with (
            _signed_in(browser, running.link("Nadia Rashid")) as nadia,
            _signed_in(browser, running.link("Omar Farouk")) as omar,
        ):
            await _empty(album, omar, nadia)
            await go_online(omar)
            await scene.play(running, omar)
            await _busy(album, omar, nadia)
        await _phones(album, running, browser)


async def _doors(album: Album, running: Product, browser: Browser) -> None:
    async with window(browser) as door:
        for language in LANGUAGES:
            await door.page.set_extra_http_headers({"Accept-Language": language})
            await door.page.goto(f"{running.console}/sign-in")
            await album.add(door.page, "sign-in", language)
            await door.page.goto(f"{running.console}/sign-in/link/worn-out")
            await album.add(door.page, "sign-in-link", language)
            await door.page.goto(f"{running.console}/nowhere")
            await album.add(door.page, "error", language)


async def _empty(album: Album, omar: Page, nadia: Page) -> None:
    for language in LANGUAGES:
        await _speak(omar, language, "/inbox")
        await album.add(omar, "inbox-empty", language)
        await _speak(nadia, language, "/desk")
        await album.add(nadia, "desk-empty", language)
    await _speak(omar, "en", "/inbox")
    await _speak(nadia, "en", "/desk")


async def _busy(album: Album, omar: Page, nadia: Page) -> None:
    here = omar.url.partition("/inbox")[2]
    for language in LANGUAGES:
        await _speak(omar, language, f"/inbox{here}")
        await omar.locator(".timeline").wait_for()
        await album.add(omar, "inbox", language)
        await omar.locator(".offer").wait_for(timeout=60_000)
        await album.add(omar, "offer", language)
        await _opened(album, omar, language)
        await _speak(omar, language, "/inbox")
        await album.add(omar, "list", language)
        await _speak(omar, language, "/settings")
        await album.add(omar, "settings", language)
        await _speak(nadia, language, "/desk")
        await nadia.locator(".board-row").first.wait_for()
        await album.add(nadia, "desk", language)
        await nadia.locator(".board-row", has_text="James Whitfield").click()
        await nadia.locator(".timeline .message").first.wait_for()
        await album.add(nadia, "desk-reading", language)


async def _opened(album: Album, omar: Page, language: str) -> None:
    """What one opens over the inbox, and what is said there."""
    await omar.keyboard.press("Alt+t")
    await omar.locator(".target").first.wait_for()
    await album.add(omar, "transfer", language)
    await omar.keyboard.press("Escape")
    await omar.evaluate(_SAY)
    await album.add(omar, "toasts", language)
    await omar.locator("#presence button").click()
    await album.add(omar, "presence", language)


async def _phones(album: Album, running: Product, browser: Browser) -> None:
    async with window(browser) as held:
        for language in LANGUAGES:
            for name, path in (("phones", "/"), ("phone", scene.PHONE_OF_JAMES), ("switches", "/switches")):
                await held.page.goto(f"{running.phones}{path}?lang={language}")
                await album.add(held.page, name, language)


async def _speak(page: Page, language: str, path: str) -> None:
    """Reloads the place in this language, as choosing it in the settings does."""
    await page.evaluate(_CHOOSE, language)
    await page.goto(urljoin(page.url, path))
    await page.locator('#connection [data-link="live"]').wait_for(state="attached")


@asynccontextmanager
async def _signed_in(browser: Browser, link: str) -> AsyncIterator[Page]:
    async with window(browser) as opened:
        await sign_in(opened.page, link)
        yield opened.page


if __name__ == "__main__":
    main()
