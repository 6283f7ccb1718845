"""Files of messages: why one is not here, in words, and when it is asked for again."""

from datetime import timedelta
from enum import StrEnum


class AttachmentKind(StrEnum):
    IMAGE = "image"
    VIDEO = "video"
    AUDIO = "audio"
    DOCUMENT = "document"
    STICKER = "sticker"
    # A picture or a film of a story, a post or a reel: Meta does not say which, its bytes will.
    UNDECLARED = "undeclared"


# What a person says a file is.
DECLARED = tuple(each for each in AttachmentKind if each is not AttachmentKind.UNDECLARED)


class AttachmentState(StrEnum):
    WAITING = "waiting"
    FETCHING = "fetching"
    STORED = "stored"
    FAILED = "failed"


class Trouble(StrEnum):
    """Why the file is not here: the column `attachment.reason`."""

    GONE = "gone"
    REFUSED = "refused"
    NO_ACCESS = "no_access"
    TOO_LARGE = "too_large"
    EMPTY = "empty"
    DAMAGED = "damaged"
    NOT_AS_CLAIMED = "not_as_claimed"
    PROGRAM = "program"
    UNSAFE_ADDRESS = "unsafe_address"
    UNREACHABLE = "unreachable"
    NOT_STORED = "not_stored"
    VIEW_ONCE = "view_once"
    NOT_GIVEN = "not_given"
    TAKEN_BACK = "taken_back"
    # At the address of something shared there is a page, or nothing Majlis may fetch.
    LINK_ONLY = "link_only"


def _(text: str) -> str:
    """Marks a text for the catalogue."""
    return text


_WORDS = {
    Trouble.GONE: _("Meta no longer has this file."),
    Trouble.REFUSED: _("Meta did not hand this file out."),
    Trouble.NO_ACCESS: _("Meta refused our access to this file. Connect the inbox again."),
    Trouble.TOO_LARGE: _("The file is larger than Majlis keeps."),
    Trouble.EMPTY: _("The file is empty."),
    Trouble.DAMAGED: _("The file arrived damaged: its checksum is not the one Meta gave."),
    Trouble.NOT_AS_CLAIMED: _("The file is not what it claims to be, so it was not kept."),
    Trouble.PROGRAM: _("The file is a program, so it was not kept."),
    Trouble.UNSAFE_ADDRESS: _("The file lies at an address Majlis does not fetch from."),
    Trouble.UNREACHABLE: _("Meta could not be reached in time to fetch this file."),
    Trouble.NOT_STORED: _("The file could not be stored."),
    Trouble.VIEW_ONCE: _("To be seen once: Meta does not hand it out."),
    Trouble.NOT_GIVEN: _("Meta did not say where this file is."),
    Trouble.TAKEN_BACK: _("The customer took it back."),
    Trouble.LINK_ONLY: _("Only a link was shared."),
}

# A picture of more points than this is not unfolded, by us or by a browser we serve: a small file can claim gigabytes.
MOST_POINTS = 50_000_000
# The most of anything that is fetched: more than this Meta does not deliver either (131052, facts §5).
LARGEST_INBOUND = 100 * 2**20
# Meta keeps inbound ids for 7 days (facts §5); addresses live minutes to days, nobody says how long.
_IDS_LIVE = timedelta(days=7)
_ADDRESSES_LIVE = timedelta(days=1)
_PASSING = (Trouble.UNREACHABLE, Trouble.NO_ACCESS, Trouble.NOT_STORED)
_LONGEST_PAUSE = timedelta(hours=1)
# What was shared may be a page for people as well as a file: then nothing is amiss.
_NO_MEDIUM = (Trouble.UNSAFE_ADDRESS, Trouble.NOT_AS_CLAIMED, Trouble.PROGRAM, Trouble.EMPTY)


class NotTaken(Exception):
    """A file was not fetched or not taken. `detail` is for engineers and holds no address, name or token."""

    def __init__(self, trouble: Trouble, detail: str = "", *, retry_after_seconds: float | None = None) -> None:
        super().__init__(detail or trouble.value)
        self.trouble = trouble
        self.detail = detail
        self.retry_after_seconds = retry_after_seconds


def words(reason: str | None) -> str | None:
    """The reason in plain English, the key of the catalogue. A word of a newer version says only that it failed."""
    if reason is None:
        return None
    try:
        return _WORDS[Trouble(reason)]
    except ValueError:
        return _WORDS[Trouble.NOT_STORED]


def verdict(kind: AttachmentKind, trouble: Trouble) -> Trouble:
    """What readers are told of it: where nobody promised a file, what is none stays the link it is."""
    return Trouble.LINK_ONLY if kind is AttachmentKind.UNDECLARED and trouble in _NO_MEDIUM else trouble


def first_state(*, media_id: str | None, url: str | None, ephemeral: bool) -> tuple[AttachmentState, Trouble | None]:
    """How a file that was announced begins: to be fetched, unless nobody can."""
    if media_id or url:
        return AttachmentState.WAITING, None
    return AttachmentState.FAILED, Trouble.VIEW_ONCE if ephemeral else Trouble.NOT_GIVEN


def next_try(trouble: Trouble, attempts: int, age: timedelta, *, by_id: bool) -> timedelta | None:
    """The pause before the next attempt; None when there is no sense in one, or no time left."""
    if trouble not in _PASSING:
        return None
    pause = min(timedelta(seconds=5 * 4 ** min(attempts - 1, 9)), _LONGEST_PAUSE)
    return pause if age + pause < (_IDS_LIVE if by_id else _ADDRESSES_LIVE) else None
