"""Files in a bucket of any S3-compatible store. Needs the extra `s3`."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec

from server.domain.errors import SettingsError
from server.files.keeping import PIECE, KeepingError, NoSuchFile

try:
    import obstore
    from obstore.exceptions import BaseError, NotFoundError
    from obstore.store import S3Store

    _INSTALLED = True
except ImportError:  # Told when it is asked for.
    _INSTALLED = False


class BucketAccess(msgspec.Struct, frozen=True, kw_only=True):
    """`endpoint` None: Amazon's own. Without a key pair the machine's own role is asked for one."""

    bucket: str = ""
    prefix: str = ""
    endpoint: str | None = None
    region: str | None = None
    access_key_id: str | None = None
    secret_access_key: str | None = None


class BucketStore:
    def __init__(self, access: BucketAccess) -> None:
        if not _INSTALLED:
            raise SettingsError("MAJLIS_FILES names a bucket: install Majlis with the extra 's3' for that.")
        given: dict[str, Any] = {
            name: value
            for name, value in {
                "prefix": access.prefix or None, "endpoint": access.endpoint, "region": access.region,
                "access_key_id": access.access_key_id, "secret_access_key": access.secret_access_key,
            }.items()
            if value is not None
        }  # fmt: skip
        self._store = S3Store(
            access.bucket,
            client_options={
                "allow_http": (access.endpoint or "").startswith("http://"),
                "timeout": timedelta(minutes=5),
            },
            retry_config={"max_retries": 2, "retry_timeout": timedelta(seconds=20)},
            **given,
        )

    async def put(self, key: str, source: Path) -> None:
        try:
            await obstore.put_async(self._store, key, source)
        except (BaseError, OSError) as error:
            raise KeepingError(type(error).__name__) from error

    async def read(self, key: str, start: int, length: int) -> AsyncIterator[bytes]:
        if length <= 0:
            return
        try:
            found = await obstore.get_async(self._store, key, options={"range": (start, start + length)})
            async for piece in found.stream(min_chunk_size=PIECE):
                yield bytes(piece)
        except (NotFoundError, FileNotFoundError) as error:
            raise NoSuchFile(key) from error
        except (BaseError, OSError) as error:
            raise KeepingError(type(error).__name__) from error

    async def size(self, key: str) -> int | None:
        try:
            return int((await obstore.head_async(self._store, key))["size"])
        except (NotFoundError, FileNotFoundError):
            return None
        except (BaseError, OSError) as error:
            raise KeepingError(type(error).__name__) from error

    async def delete(self, key: str) -> None:
        try:
            await obstore.delete_async(self._store, key)
        except (NotFoundError, FileNotFoundError):
            return
        except (BaseError, OSError) as error:
            raise KeepingError(type(error).__name__) from error
