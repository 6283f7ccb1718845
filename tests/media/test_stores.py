"""Where files are kept: the same promises from a folder and from a bucket of a real S3-compatible server."""

import itertools
import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import boto3
import pytest
from media.filing import bytes_of
from moto.server import ThreadedMotoServer

from server.domain.errors import SettingsError
from server.files.bucket import BucketAccess, BucketStore
from server.files.folder import FolderStore
from server.files.keeping import FileStore, KeepingError, NoSuchFile, Nowhere
from server.files.place import file_store

_buckets = itertools.count(1)
ACCESS = BucketAccess(region="us-east-1", access_key_id="key", secret_access_key="secret")


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    """The address of a server that speaks S3."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(params=["folder", "bucket"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[FileStore]:
    if request.param == "folder":
        yield FolderStore(tmp_path / "files")
        return
    endpoint = request.getfixturevalue("s3")
    name = f"majlis-{next(_buckets)}"
    client = boto3.client(
        "s3", endpoint_url=endpoint, region_name="us-east-1", aws_access_key_id="key", aws_secret_access_key="secret"
    )
    client.create_bucket(Bucket=name)
    yield BucketStore(BucketAccess(
        bucket=name, prefix="files", endpoint=endpoint, region="us-east-1", access_key_id="key",
        secret_access_key="secret",
    ))  # fmt: skip


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "source"
    path.write_bytes(os.urandom(700_000))
    return path


async def test_what_was_put_is_read_whole_and_in_ranges(store: FileStore, source: Path) -> None:
    data = source.read_bytes()
    await store.put("ab/abcdef-1", source)
    assert await store.size("ab/abcdef-1") == len(data)
    assert await bytes_of(store, "ab/abcdef-1") == data
    for start, length in ((0, 1), (5, 10), (699_000, 5000), (300_000, 300_000)):
        part = b"".join([piece async for piece in store.read("ab/abcdef-1", start, length)])
        assert part == data[start : start + length]


async def test_what_is_not_there_is_told(store: FileStore) -> None:
    assert await store.size("ab/nothing") is None
    with pytest.raises(NoSuchFile):
        await anext(store.read("ab/nothing", 0, 10))
    await store.delete("ab/nothing")


async def test_what_was_deleted_is_gone(store: FileStore, source: Path) -> None:
    await store.put("ab/abcdef-2", source)
    await store.delete("ab/abcdef-2")
    assert await store.size("ab/abcdef-2") is None


async def test_putting_again_does_no_harm(store: FileStore, source: Path) -> None:
    await store.put("ab/abcdef-3", source)
    await store.put("ab/abcdef-3", source)
    assert await bytes_of(store, "ab/abcdef-3") == source.read_bytes()


async def test_a_large_file_goes_in_parts(store: FileStore, tmp_path: Path) -> None:
    path = tmp_path / "large"
    path.write_bytes(os.urandom(1_000_000) * 24)
    await store.put("cd/large-4", path)
    assert await store.size("cd/large-4") == 24_000_000
    part = b"".join([piece async for piece in store.read("cd/large-4", 23_000_000, 1_000_000)])
    assert part == path.read_bytes()[23_000_000:]


async def test_a_store_that_is_away_is_told(source: Path) -> None:
    away = BucketStore(BucketAccess(bucket="majlis", endpoint="http://127.0.0.1:9", region="x", access_key_id="key",
                                    secret_access_key="secret"))  # fmt: skip
    with pytest.raises(KeepingError):
        await away.put("ab/x-1", source)
    with pytest.raises(KeepingError):
        await away.size("ab/x-1")
    with pytest.raises(KeepingError):
        await anext(away.read("ab/x-1", 0, 1))


async def test_a_folder_that_takes_nothing_is_told_and_keeps_no_half(tmp_path: Path, source: Path) -> None:
    (tmp_path / "files").write_text("a file where the folder should be")
    with pytest.raises(KeepingError):
        await FolderStore(tmp_path / "files").put("ab/x-1", source)
    store = FolderStore(tmp_path / "other")
    with pytest.raises(KeepingError):
        await store.put("ab/x-1", tmp_path / "missing")
    assert [path for path in (tmp_path / "other").rglob("*") if path.is_file()] == []


async def test_files_in_a_folder_are_for_us_alone(tmp_path: Path, source: Path) -> None:
    await FolderStore(tmp_path / "files").put("ab/x-1", source)
    assert (tmp_path / "files" / "ab" / "x-1").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "files" / "ab").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("key", ["../x", "/etc/passwd", "a/../b", "", "a//b", ".x", "a/b\0"])
async def test_a_key_leads_nowhere_else(tmp_path: Path, key: str) -> None:
    with pytest.raises(ValueError, match="is no key"):
        await FolderStore(tmp_path).size(key)


def test_the_setting_names_the_store(tmp_path: Path) -> None:
    assert isinstance(file_store(str(tmp_path), ACCESS), FolderStore)
    assert isinstance(file_store("s3://majlis-files/one/two", ACCESS), BucketStore)


def test_a_bucket_without_its_library_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.files.bucket._INSTALLED", False)
    with pytest.raises(SettingsError, match="extra 's3'"):
        file_store("s3://majlis-files", ACCESS)


async def test_a_process_without_files_says_so(source: Path) -> None:
    with pytest.raises(KeepingError, match="keeps no files"):
        await Nowhere().put("a", source)
