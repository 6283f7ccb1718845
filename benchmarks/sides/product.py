"""The product's intake: its own webhook route and, with BENCHMARK_APPLY, its own applier in the same process."""

import asyncio
import gc
import os
from collections.abc import Sequence

import uvicorn
import uvloop
from litestar import Litestar

from benchmarks import payloads
from benchmarks.sides.common import DSN, end_with_parent
from server.actions.current import CurrentOrganisation
from server.actions.journal import Journal
from server.actions.unit import Services
from server.domain.events import Event
from server.store.pool import open_pool
from server.web.webhooks import WebhookKeys, webhook_route
from server.workers import applier
from server.workers.bell import Bell


class Nobody:
    def publish(self, committed: Sequence[Event]) -> None:
        """No console is connected."""


async def run() -> None:
    end_with_parent()
    pool = await open_pool(DSN)
    current = CurrentOrganisation(pool)
    await current.refresh()
    bell, stop = Bell(), asyncio.Event()
    services = Services(pool=pool, publisher=Nobody(), waker=bell, organisation=current)
    keys = WebhookKeys({"default": (payloads.SECRET,)}, {})
    app = Litestar([webhook_route(Journal(pool, bell), lambda: keys)], openapi_config=None)
    task = asyncio.create_task(applier.run(services, bell, stop)) if os.environ.get("BENCHMARK_APPLY") else None
    gc.collect()
    gc.freeze()
    config = uvicorn.Config(app, port=int(os.environ["BENCHMARK_PORT"]), log_level="warning", access_log=False)
    await uvicorn.Server(config).serve()
    stop.set()
    if task:
        task.cancel()


if __name__ == "__main__":
    uvloop.run(run())
