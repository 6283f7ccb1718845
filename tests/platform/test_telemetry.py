"""What a log line never carries."""

import json
import logging

import pytest
import socketio
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


def test_the_socket_libraries_say_nothing_of_strangers_packets(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logging(readable=False)
    socketio.AsyncServer(async_mode="asgi")
    for name in ("engineio", "engineio.server", "socketio", "socketio.server"):
        logging.getLogger(name).exception("Unknown receive error")
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("readable", [True, False])
def test_private_names_are_covered(readable: bool, capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logging(readable=readable)
    structlog.get_logger().warning("refused", text="my account number", token="EAAG", body=b"{}", reason="signature")
    said = capsys.readouterr().err
    assert "account number" not in said
    assert "EAAG" not in said
    assert "signature" in said
