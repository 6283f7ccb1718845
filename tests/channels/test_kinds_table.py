"""docs/kinds.md says what the catalogue and the tests say, and nothing that Meta supports is left empty."""

import kinds_table


def test_nothing_that_meta_supports_is_empty() -> None:
    assert kinds_table.empty() == []


def test_the_document_is_the_table() -> None:
    assert kinds_table.DOCUMENT.read_text(encoding="utf-8") == kinds_table.document()
