"""What a command left in its database."""

import asyncio
from typing import Any

import asyncpg

from server.store.vault import generate_key

KEY = generate_key()


def ask(dsn: str, question: str, *values: Any) -> Any:
    async def answer() -> Any:
        connection = await asyncpg.connect(dsn)
        try:
            return await connection.fetchval(question, *values)
        finally:
            await connection.close()

    return asyncio.run(answer())
