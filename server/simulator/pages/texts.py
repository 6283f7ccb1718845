"""The pages' words."""

import tomllib

from server.simulator.assets import ASSETS

LANGUAGES = ("en", "ar")
FILES = ("texts.toml", "texts.kinds.toml", "texts.faults.toml")


def load() -> dict[str, dict[str, str]]:
    documents = [tomllib.loads((ASSETS / name).read_text(encoding="utf-8")) for name in FILES]
    return {
        language: {key: str(text) for document in documents for key, text in document[language].items()}
        for language in LANGUAGES
    }
