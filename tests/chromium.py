"""A real browser for tests."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from shutil import which

from playwright.async_api import Browser, async_playwright, expect

# The one without a desktop first: it is what Playwright itself drives, and opens a page with a third of the work.
_BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--disable-dev-shm-usage", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
# For `launched`: something to record without a person's leave.
MICROPHONE = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")


@asynccontextmanager
async def launched(*more: str) -> AsyncIterator[Browser]:
    """Chromium with these flags beside the usual ones; what is expected of a page has time on a busy machine."""
    expect.set_options(timeout=20_000)
    async with async_playwright() as playwright:
        path = os.environ.get("CHROMIUM") or next(filter(None, map(which, _BROWSERS)), None)
        browser = await playwright.chromium.launch(executable_path=path, chromium_sandbox=False, args=[*FLAGS, *more])
        try:
            yield browser
        finally:
            await browser.close()
