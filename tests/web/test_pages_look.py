"""Each page in a real browser on made-up data: no violation axe knows, nothing past the edge, no complaint."""

from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser

_AXE = Path(__file__).parents[1] / "vendor" / "axe.min.js"
WIDE, MIDDLE, PHONE = (1440, 900), (1024, 768), (390, 844)

pytestmark = pytest.mark.skipif(not _AXE.is_file(), reason="axe-core is fetched by the test set-up")


@pytest.mark.parametrize(("size", "asked"), [(WIDE, "lang=en&theme=light"), (PHONE, "lang=ar&theme=dark")])
async def test_pages_are_clean(site: str, browser: Browser, size: tuple[int, int], asked: str) -> None:
    addresses = [
        "/sign-in?problem=No", "/sign-in/link/preview?", "/error?status=503", "/settings?role=administrator",
        "/desk?case=busy", "/desk?case=long", "/desk?case=empty", "/desk?role=owner", "/desk/1?case=busy",
        "/meta-health?case=long&role=administrator", "/meta-health?case=empty&role=owner",
    ]  # fmt: skip
    found = {address: await _faults(browser, f"{site}{address}&{asked}", size) for address in addresses}
    assert {address: faults for address, faults in found.items() if faults} == {}


@pytest.mark.parametrize(("size", "asked"), [(MIDDLE, "lang=ar&theme=light"), (PHONE, "lang=en&theme=dark")])
async def test_the_desk_is_clean_everywhere(site: str, browser: Browser, size: tuple[int, int], asked: str) -> None:
    assert await _faults(browser, f"{site}/desk?case=long&{asked}", size) == []


async def _faults(browser: Browser, address: str, size: tuple[int, int]) -> list[Any]:
    page = await browser.new_page(viewport={"width": size[0], "height": size[1]})
    faults: list[Any] = []
    page.on("console", lambda line: faults.append(line.text) if line.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    await page.goto(address)
    await page.wait_for_load_state("load")
    await page.wait_for_timeout(300)
    await page.evaluate(_AXE.read_text(encoding="utf-8") + ";0")
    result = await page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    faults += [(rule["id"], [node["target"] for node in rule["nodes"]]) for rule in result["violations"]]
    past_the_edge = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
    if past_the_edge > 0:
        faults.append(f"{past_the_edge} px past the edge")
    await page.close()
    return faults
