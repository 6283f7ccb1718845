"""What `majlis doctor` sees of the place where files are kept: whether it really keeps one."""

import tempfile
from pathlib import Path
from uuid import uuid4

from server.app import file_store_of
from server.commands.findings import Finding, bad, good
from server.domain.errors import SettingsError
from server.files.keeping import KeepingError
from server.settings import Settings

_REMEDY = "Correct MAJLIS_FILES and the S3_ settings, or make room: messages go on without their files."


async def files(settings: Settings) -> Finding:
    """Writes a small file, reads it back and deletes it."""
    place = settings.majlis_files or f"{settings.majlis_data}/files"
    key, written = f"doctor/{uuid4().hex}", b"majlis doctor was here"
    try:
        store = file_store_of(settings)
        with tempfile.TemporaryDirectory(prefix="majlis-doctor-") as folder:
            (source := Path(folder) / "file").write_bytes(written)
            await store.put(key, source)
        read = b"".join([piece async for piece in store.read(key, 0, len(written))])
        await store.delete(key)
    except (KeepingError, SettingsError) as error:
        return bad("files", f"{place} keeps nothing: {error}", _REMEDY)
    if read != written:
        return bad("files", f"{place} gives back another file than it was given", _REMEDY)
    if settings.database_url and settings.redis_url and settings.majlis_files is None:
        return bad(
            "files", "every process keeps files in a folder of its own",
            "Set MAJLIS_FILES to a folder that all of them share, or to a bucket.",
        )  # fmt: skip
    return good("files", f"{place} keeps and gives back")
