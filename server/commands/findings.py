"""One thing `majlis doctor` looked at."""

import msgspec


class Finding(msgspec.Struct, frozen=True):
    subject: str
    words: str
    # What to do; empty when all is well.
    remedy: str = ""


def good(subject: str, words: str) -> Finding:
    return Finding(subject, words)


def bad(subject: str, words: str, remedy: str) -> Finding:
    return Finding(subject, words, remedy)
