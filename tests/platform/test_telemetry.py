"""What a log line never carries."""

import json

import pytest
import structlog

from server.telemetry import set_up_logging


@pytest.fixture(autouse=True)
def _restore() -> None:
    structlog.reset_defaults()


def test_lines_are_json_where_nobody_reads_along(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logging(readable=False)
    structlog.get_logger().info("message_stored", conversation_id=7)
    line = json.loads(capsys.readouterr().err)
    assert line["event"] == "message_stored"
    assert line["conversation_id"] == 7
    assert line["timestamp"].endswith("Z")


@pytest.mark.parametrize("readable", [True, False])
def test_private_names_are_covered(readable: bool, capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logging(readable=readable)
    structlog.get_logger().warning("refused", text="my account number", token="EAAG", body=b"{}", reason="signature")
    said = capsys.readouterr().err
    assert "account number" not in said
    assert "EAAG" not in said
    assert "signature" in said
