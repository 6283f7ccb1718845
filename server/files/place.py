"""The store a setting names."""

from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from server.files.bucket import BucketAccess, BucketStore
from server.files.folder import FolderStore
from server.files.keeping import FileStore


def file_store(place: str, access: BucketAccess) -> FileStore:
    """`place` is a folder or s3://BUCKET/PREFIX; `access` says how to reach a bucket. Raises `SettingsError`."""
    if not place.startswith("s3://"):
        return FolderStore(Path(place))
    parts = urlsplit(place)
    return BucketStore(msgspec.structs.replace(access, bucket=parts.netloc, prefix=parts.path.strip("/")))
