"""The product's HTTP client with nothing around it: no database, no outbox, as many calls out at once."""

import asyncio
import itertools
import json
from uuid import uuid4

import aiohttp
import uvloop

from benchmarks.sides.on_word import META, SLOTS, on_word


async def send(count: int) -> None:
    numbers = itertools.islice(itertools.count(), count)
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=SLOTS)) as http:
        await asyncio.gather(*(_one_after_the_other(http, numbers) for _ in range(SLOTS)))


async def _one_after_the_other(http: aiohttp.ClientSession, numbers: "itertools.islice[int]") -> None:
    for number in numbers:
        body = {
            "messaging_product": "whatsapp", "recipient_type": "individual", "to": "+15550001111", "type": "text",
            "text": {"body": f"{number}.0", "preview_url": False}, "biz_opaque_callback_data": str(uuid4()),
        }  # fmt: skip
        headers = {"Authorization": "Bearer TOKEN", "Content-Type": "application/json"}
        async with http.post(f"{META}/v26.0/1/messages", data=json.dumps(body), headers=headers) as response:
            await response.read()


if __name__ == "__main__":
    uvloop.run(on_word(send))
