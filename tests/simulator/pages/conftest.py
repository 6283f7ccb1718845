"""A browser that visits the simulator's pages."""

from collections.abc import AsyncIterator

import pytest
from chromium import launched
from playwright.async_api import Browser
from simulator.meta_side import Meta
from simulator.pages.visiting import Visit


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with launched() as running:
        yield running


@pytest.fixture
async def visit(browser: Browser, meta: Meta) -> AsyncIterator[Visit]:
    visitor = Visit(browser, meta)
    yield visitor
    assert visitor.complaints == []
