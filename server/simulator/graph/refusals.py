"""How the Graph API says no: codes, subcodes and bodies as in the facts sheet §8."""

from typing import Any

from server.simulator import codes
from server.simulator.identifiers import trace


class Refusal(Exception):
    """Becomes an error body with Meta's shape. WhatsApp explains in `error_data.details`, the others by subcode."""

    def __init__(
        self,
        status: int,
        code: int,
        message: str,
        *,
        subcode: int | None = None,
        details: str | None = None,
        transient: bool = False,
        kind: str = "OAuthException",
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.subcode = subcode
        self.details = details
        self._error: dict[str, Any] = {"message": f"(#{code}) {message}", "type": kind, "code": code}
        if subcode is not None:
            self._error["error_subcode"] = subcode
        if details is not None:
            self._error["error_data"] = {"messaging_product": "whatsapp", "details": details}
        if transient:
            self._error["is_transient"] = True

    def body(self) -> dict[str, Any]:
        return {"error": {**self._error, "fbtrace_id": trace()}}


def of_code(code: int, details: str | None = None, *, channel: str = "whatsapp", subcode: int | None = None) -> Refusal:
    """Any code of the facts sheet, with the HTTP status and words Meta has for it."""
    known = codes.find(channel, code, subcode)
    explained = (details or known.details or known.title) if channel == "whatsapp" else None
    return Refusal(
        known.http, code, known.title, subcode=subcode, details=explained, transient=known.transient
    )  # fmt: skip


def token_missing() -> Refusal:
    return Refusal(401, 190, "An access token is required to request this resource.")


def token_expired() -> Refusal:
    return Refusal(401, 190, "Error validating access token: Session has expired.", subcode=463)


def token_invalid() -> Refusal:
    return Refusal(401, 190, "Invalid OAuth access token - Cannot parse access token")


def proof_invalid() -> Refusal:
    return Refusal(400, 100, "Invalid appsecret_proof provided in the API argument", kind="GraphMethodException")


def no_such_node(node: str) -> Refusal:
    text = f"Unsupported request. Object with ID '{node}' does not exist or cannot be loaded."
    return Refusal(400, 100, text, subcode=33, kind="GraphMethodException")


def old_version(version: str) -> Refusal:
    return Refusal(400, 2635, f"You are calling a deprecated version of the API ({version}).")


def bad_json() -> Refusal:
    return Refusal(400, 100, "Invalid parameter: the body is not a JSON object.")


def throttled(channel: str, code: int) -> Refusal:
    if channel == "whatsapp":
        code = code if code in (4, 80007, 130429, 131048, 131056) else 130429
        return of_code(code)
    return of_code(4 if code == 4 else 613, channel=channel)


def temporary(channel: str) -> Refusal:
    if channel == "whatsapp":
        return Refusal(500, 131016, "Service unavailable", details="A service is temporarily unavailable.")
    return Refusal(500, 2, "Service temporarily unavailable", transient=True)


def missing(parameter: str) -> Refusal:
    return Refusal(400, 131008, "Required parameter is missing", details=f"Parameter {parameter} is mandatory.")


def wrong_value(details: str) -> Refusal:
    return Refusal(400, 131009, "Parameter value is not valid", details=details)


def invalid(details: str) -> Refusal:
    return Refusal(400, 100, "Invalid parameter", details=details)


def invalid_message(text: str, subcode: int | None = None) -> Refusal:
    """Messenger and Instagram."""
    return Refusal(400, 100, text, subcode=subcode)


def window_closed(channel: str) -> Refusal:
    if channel == "whatsapp":
        return of_code(131047)
    subcode = 2018278 if channel == "messenger" else 2534022
    return Refusal(403, 10, "This message is sent outside of allowed window.", subcode=subcode)


def unreachable(channel: str) -> Refusal:
    """The person has blocked the business or left; WhatsApp tells this by a failed status instead."""
    if channel == "messenger":
        return Refusal(400, 551, "This person isn't available right now.", subcode=1545041)
    return Refusal(400, 100, "The user has blocked this business.", subcode=2534029)


def unknown_person(channel: str) -> Refusal:
    if channel == "whatsapp":
        return of_code(131026)
    return Refusal(400, 100, "No matching user found", subcode=2018001 if channel == "messenger" else 2534014)
