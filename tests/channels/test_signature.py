"""Known answers of facts §1 and §7."""

import pytest

from server.channels.signature import app_proof, sign, verify

SECRET = "example-app-secret"
ESCAPED = rb'{"object":"page","entry":[{"id":"1","text":"caf\u00e9"}]}'
ESCAPED_SIGNATURE = "sha256=9a316316863019d925d0ea47b0091e2632d045f53d92fbcc082e369cfca06bba"
RAW = '{"object":"page","entry":[{"id":"1","text":"café"}]}'.encode()
RAW_SIGNATURE = "sha256=8cf61745f5b7152e0fd8d4381a8bc324f3e903a495d8b8e53ee9415491afc7ad"
APPS = {"default": [SECRET], "second": ["older", "newer"]}


def test_known_answers() -> None:
    assert sign(ESCAPED, SECRET) == ESCAPED_SIGNATURE
    assert sign(RAW, SECRET) == RAW_SIGNATURE


def test_escaped_body_passes_and_reserialised_body_fails() -> None:
    assert verify(ESCAPED, ESCAPED_SIGNATURE, APPS) == "default"
    assert verify(RAW, ESCAPED_SIGNATURE, APPS) is None


@pytest.mark.parametrize("secret", ["older", "newer"])
def test_every_secret_of_an_app_is_tried(secret: str) -> None:
    assert verify(b"{}", sign(b"{}", secret), APPS) == "second"


@pytest.mark.parametrize("header", [None, "", "sha256=", "sha1=ab", sign(b"{}", "somebody"), "sha256=é", "x" * 9000])
def test_anything_else_is_refused(header: str | None) -> None:
    assert verify(b"{}", header, APPS) is None


def test_an_empty_secret_signs_nothing() -> None:
    assert verify(b"{}", sign(b"{}", ""), {"default": [""]}) is None


def test_without_secrets_everything_is_refused() -> None:
    assert verify(b"{}", sign(b"{}", SECRET), {}) is None


def test_app_proof() -> None:
    expected = "24f0d12042cb414261446e82064eeb340a54ec5908eeedd2ea5cf3cfd23a4627"
    assert app_proof("EXAMPLETOKEN", SECRET) == expected
