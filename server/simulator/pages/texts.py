"""The pages' words."""

import tomllib

from server.simulator.assets import ASSETS

LANGUAGES = ("en", "ar")


def load() -> dict[str, dict[str, str]]:
    document = tomllib.loads((ASSETS / "texts.toml").read_text(encoding="utf-8"))
    return {language: {key: str(text) for key, text in document[language].items()} for language in LANGUAGES}
