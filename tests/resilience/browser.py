"""`python -m tests.resilience.browser URL`: a browser in a process of its own, to be frozen or killed.

The session is in BENCH_SESSION; it connects its socket and stays.
"""

import asyncio
import os
import sys

import socketio


async def main(url: str, token: str) -> None:
    wire = socketio.AsyncClient(reconnection=False)
    headers = {"Cookie": f"majlis_session={token}", "Origin": url}
    await wire.connect(url, headers=headers, transports=["websocket"], wait_timeout=10)
    print("connected", flush=True)
    await wire.wait()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], os.environ["BENCH_SESSION"]))
