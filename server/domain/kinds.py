"""Which kinds of inbound item say something to answer, and which only report something about the talk."""

# Kept and shown, but nobody is kept waiting by them: they wake no bot, open no conversation and start no clock.
_SILENT = frozenset({
    "reaction", "edit", "revoke", "deleted", "system", "optin", "account_linking", "response_feedback",
    "pass_thread_control", "take_thread_control", "request_thread_control",
})  # fmt: skip


def speaks(kind: str) -> bool:
    return kind not in _SILENT
