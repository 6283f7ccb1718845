"""docs/errors.md says what the program does."""

from failure_table import PLACE, text


def test_the_table_of_errors_is_made_from_the_code() -> None:
    assert PLACE.read_text(encoding="utf-8") == text(), "write it anew: python -m tests.failure_table"
