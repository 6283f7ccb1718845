"""A visit to the simulator's pages in a browser."""

from pathlib import Path

from playwright.async_api import Browser, Page
from simulator.meta_side import Meta

AXE = (Path(__file__).parents[2] / "vendor" / "axe.min.js").read_text(encoding="utf-8")


class Visit:
    def __init__(self, browser: Browser, meta: Meta) -> None:
        self._browser = browser
        self._meta = meta
        self.complaints: list[str] = []

    async def open(self, path: str, *, width: int = 1440, language: str = "en", theme: str = "light") -> Page:
        # axe is put in by the test, which the page's own policy would rightly refuse.
        context = await self._browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme="dark" if theme == "dark" else "light",
            bypass_csp=True,
        )
        await context.add_cookies([{"name": "simulator_language", "value": language, "url": self._meta.url}])
        page = await context.new_page()
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        await page.goto(self._meta.url + path)
        return page

    async def violations(self, page: Page) -> list[str]:
        await page.evaluate(AXE)
        found: list[str] = await page.evaluate(
            "axe.run().then(r => r.violations.map(v => `${v.id}: ${v.nodes.map(n => n.target).join(' ')}`))"
        )
        return found
