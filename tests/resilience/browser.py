"""`python -m tests.resilience.browser URL`: a browser in a process of its own, to be frozen or killed.

The session is in BENCH_SESSION; it goes online, connects its socket and stays.
"""

import asyncio
import os
import sys

import aiohttp
import socketio


async def main(url: str, token: str) -> None:
    wire = socketio.AsyncClient(reconnection=False)
    headers = {"Cookie": f"majlis_session={token}", "Origin": url}
    async with aiohttp.ClientSession(headers=headers) as http:
        async with http.get(f"{url}/api/me") as answer:
            csrf = (await answer.json())["csrf_token"]
        choice = {"presence": "online"}
        async with http.post(f"{url}/api/me/presence", json=choice, headers={"X-CSRF-Token": csrf}) as answer:
            answer.raise_for_status()
    await wire.connect(url, headers=headers, transports=["websocket"], wait_timeout=30)
    print("connected", flush=True)
    await wire.wait()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], os.environ["BENCH_SESSION"]))
