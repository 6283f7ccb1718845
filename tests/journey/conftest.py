"""One product and one browser for the whole journey."""

from collections.abc import AsyncIterator

import pytest_asyncio
from journey import browsing
from journey.product import Product
from journey.product import product as started
from playwright.async_api import Browser


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def product() -> AsyncIterator[Product]:
    async with started() as running:
        yield running


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with browsing.chromium() as running:
        yield running
