"""Meta's `X-Hub-Signature-256`: an HMAC of the bytes exactly as they came."""

import hashlib
import hmac
from collections.abc import Mapping, Sequence


def sign(body: bytes, secret: str) -> str:
    """The header's value."""
    return "sha256=" + hmac.digest(secret.encode(), body, hashlib.sha256).hex()


def verify(body: bytes, header: str | None, secrets: Mapping[str, Sequence[str]]) -> str | None:
    """The id of the app one of whose secrets signed the body; None refuses it.

    Every secret is tried, so the time taken does not tell which app or whether an old or a new secret fitted.
    """
    given = (header or "").encode("ascii", "replace")
    signer = None
    for app_id, candidates in secrets.items():
        for secret in candidates:
            # An empty secret is a setting somebody forgot: anyone could sign with it.
            if secret and hmac.compare_digest(sign(body, secret).encode(), given) and signer is None:
                signer = app_id
    return signer


def app_proof(token: str, secret: str) -> str:
    """`appsecret_proof`: shows Graph that the caller of a token also knows the app's secret."""
    return hmac.digest(secret.encode(), token.encode(), hashlib.sha256).hex()


def proof_of(token: str, app_secret: str | None) -> dict[str, str]:
    """What every call with this token carries in its address; nothing where the app's secret is not known."""
    return {"appsecret_proof": app_proof(token, app_secret)} if app_secret else {}
