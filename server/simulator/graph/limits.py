"""Small checks on what a business sends; each raises the refusal Meta would answer with."""

from typing import Any

from server.simulator.graph import refusals, wording


def text(parent: dict[str, Any], key: str, path: str, *, most: int, least: int = 1) -> str:
    """A required text of a WhatsApp message."""
    value = parent.get(key)
    if value is None:
        raise refusals.missing(path)
    if not isinstance(value, str):
        raise refusals.invalid(f"Param {path} must be a string.")
    if not least <= len(value) <= most:
        raise refusals.invalid(f"Param {path} must be between {least} and {most} characters long.")
    if least and wording.is_empty(value):
        raise refusals.invalid(f"Param {path} must not be empty.")
    return value


def optional_text(parent: dict[str, Any], key: str, path: str, *, most: int) -> str:
    return text(parent, key, path, most=most, least=0) if parent.get(key) is not None else ""


def address(parent: dict[str, Any], key: str, path: str) -> str:
    url = text(parent, key, path, most=2000)
    if not wording.is_address(url):
        raise refusals.wrong_value(f"Param {path} is not a valid URL.")
    return url


def mapping(parent: dict[str, Any], key: str, path: str) -> dict[str, Any]:
    value = parent.get(key)
    if value is None:
        raise refusals.missing(path)
    if not isinstance(value, dict):
        raise refusals.invalid(f"Param {path} must be a JSON object.")
    return value


def sequence(parent: dict[str, Any], key: str, path: str, *, most: int, least: int = 1) -> list[dict[str, Any]]:
    value = parent.get(key)
    if value is None:
        raise refusals.missing(path)
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        raise refusals.invalid(f"Param {path} must be a JSON array of objects.")
    if not least <= len(value) <= most:
        raise refusals.wrong_value(f"Invalid {path} count. Min: {least}, Max: {most}.")
    return value


def unique(values: list[str], path: str) -> None:
    if len(set(values)) < len(values):
        raise refusals.wrong_value(f"Duplicated {path}: each must be unique.")
