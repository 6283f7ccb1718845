from pathlib import Path

import pytest
from commanding import KEY


@pytest.fixture
def given(database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The environment of an installation whose database is up to date."""
    for name in ("REDIS_URL", "META_APP_SECRET", "META_ACCESS_TOKEN", "MAJLIS_ORG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DATABASE_URL", database)
    monkeypatch.setenv("MAJLIS_KEY", KEY)
    monkeypatch.setenv("MAJLIS_DATA", str(tmp_path))
    return database
