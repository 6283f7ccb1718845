"""The product's own outbox worker, its pace set to no limit, until nothing waits."""

import asyncio

import uvloop
from cryptography.fernet import Fernet

from benchmarks.sides.common import DSN
from benchmarks.sides.on_word import META, SLOTS, on_word
from benchmarks.sides.product import Nobody
from server.actions.current import CurrentOrganisation
from server.actions.deliver import Deliverer
from server.actions.unit import Services
from server.channels.graph import GraphClient
from server.store.pool import open_pool
from server.store.vault import Vault
from server.workers import outbox
from server.workers.bell import Bell

_WAITING = "select exists (select from outbox where state in ('queued', 'sending'))"


async def send(count: int) -> None:
    pool = await open_pool(DSN)
    current = CurrentOrganisation(pool)
    await current.refresh()
    bell, stop = Bell(), asyncio.Event()
    services = Services(pool=pool, publisher=Nobody(), waker=bell, organisation=current)
    async with GraphClient(graph_url=META, instagram_graph_url=META, version="v26.0") as graph:
        deliverer = Deliverer(services, graph, Vault([Fernet.generate_key().decode()]), default_token="TOKEN")
        task = asyncio.create_task(outbox.run(deliverer, bell, stop, slots=SLOTS))
        while await pool.fetchval(_WAITING):  # noqa: ASYNC110 - no event for it
            await asyncio.sleep(0.01)
        stop.set()
        bell.wake_all()
        await task
    # Its connections live on: what the server's processes for them have used is read afterwards.


if __name__ == "__main__":
    uvloop.run(on_word(send))
