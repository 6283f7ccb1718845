"""Facts §8, row by row: each code with the state it must end in. Written from the facts sheet, not from the product."""

from enum import StrEnum

import msgspec

from server.domain.model import Channel


class End(StrEnum):
    """What becomes of the message, and who is told."""

    # It leaves when the inbox may send again; administrators are alarmed.
    PAUSED = "the inbox rests, its messages wait"
    PAUSED_FOR_A_WHILE = "the inbox rests for an hour, its messages wait"
    # Tried again by itself; when it is enough, failed.
    RETRIED = "tried again, this message alone waits"
    RETRIED_TOGETHER = "tried again, the whole inbox waits"
    ONCE_MORE = "tried once more"
    FAILED = "failed, the advisor is told"
    ALARMED = "failed, the advisor and administrators are told"
    SUPPRESSED = "failed, no marketing until the customer resumes"
    HELD = "failed, no marketing for a day"
    UNCERTAIN = "uncertain: matched by an echo, else shown"


class Row(msgspec.Struct, frozen=True):
    meaning: str
    codes: tuple[tuple[int, int | None], ...]
    end: End
    # What the advisor can do.
    act: str
    status: int = 400
    # A word the advisor must read.
    word: str = ""

    @property
    def name(self) -> str:
        code, subcode = self.codes[0]
        return f"{code}-{subcode}" if subcode else str(code)


def _row(meaning: str, codes: str, end: End, act: str, *, status: int = 400, word: str = "") -> Row:
    return Row(meaning, tuple(_code(each) for each in codes.split()), end, act, status, word)


def _code(text: str) -> tuple[int, int | None]:
    code, _, subcode = text.partition("/")
    return int(code), int(subcode) if subcode else None


WHATSAPP = (
    _row("token invalid or expired", "0 190", End.PAUSED, "wait", status=401, word="disconnected"),
    _row("permission missing", "3 10 200 250 299 131005", End.ALARMED, "wait", status=403, word="permission"),
    _row("unknown, temporary", "1 2 131000 131016 133004", End.RETRIED, "retry", status=500, word="passing"),
    _row("app or account limit", "4 80007", End.RETRIED_TOGETHER, "retry", word="slow down"),
    _row("number throughput", "130429", End.RETRIED_TOGETHER, "retry", word="slow down"),
    _row("pair limit", "131056", End.RETRIED, "retry", word="slow down"),
    _row("register limit", "133016", End.ALARMED, "wait", word="set up"),
    _row("spam limit", "131048", End.ALARMED, "wait", word="blocked or reported"),
    _row("limit from template classification", "131064", End.ALARMED, "wait", word="restricted"),
    _row("bad or missing parameter", "33 100 131008 131009", End.FAILED, "none", word="Change it"),
    _row("generic bad parameters", "135000", End.FAILED, "none", word="Change it"),
    _row("policy block, lock, country", "368 131031 130497", End.ALARMED, "wait", word="restricted"),
    _row("user in experiment", "130472", End.FAILED, "none", word="study"),
    _row("sender is recipient", "131021", End.FAILED, "none", word="our own number"),
    _row("undeliverable", "131026", End.FAILED, "none", word="another channel"),
    _row("not allow-listed", "131030", End.ALARMED, "wait", word="test number"),
    _row("display name unapproved", "131037", End.ALARMED, "wait", word="set up"),
    _row("payment", "131042 131044", End.ALARMED, "wait", word="payment"),
    _row("registration, certificate", "131045", End.ALARMED, "wait", word="set up"),
    _row("outside the day", "131047", End.FAILED, "template", word="template"),
    _row("marketing held", "131049", End.HELD, "none", word="today"),
    _row("stopped marketing", "131050", End.SUPPRESSED, "none", word="does not want"),
    _row("unsupported type", "131051", End.FAILED, "none", word="Change it"),
    _row("media download, upload", "131052 131053", End.ONCE_MORE, "none", word="file"),
    _row("only marketing templates there", "131055", End.FAILED, "none", word="marketing templates"),
    _row("maintenance", "131057", End.RETRIED_TOGETHER, "retry", word="passing"),
    _row("bad paging cursor", "131059", End.FAILED, "none"),
    _row("user id not allowed here", "131062", End.FAILED, "none", word="phone number"),
    _row("marketing disabled there", "131063", End.FAILED, "none", word="marketing templates"),
    _row("template parameters", "132000 132005 132008 132012 132018", End.FAILED, "template", word="template"),
    _row("template missing", "132001", End.FAILED, "template", status=404, word="template"),
    _row("template policy", "132007", End.FAILED, "template", word="template"),
    _row("template paused, disabled", "132015 132016", End.FAILED, "template", word="template"),
    _row("flow blocked", "132068", End.FAILED, "template", word="template"),
    _row("flow throttled", "132069", End.RETRIED, "retry", word="passing"),
    _row("registration, PIN, number", "133000 133005 133006 133008 133009 133010 133015", End.ALARMED, "wait",
         word="set up"),
    _row("identity key mismatch", "137000", End.FAILED, "none", word="Confirm who they are"),
    _row("calling, blocking, groups, usernames", "138000 138009 139100 131200 131299 147001 147005", End.FAILED,
         "retry"),
    _row("template creation", "2388019 2388040 2388047 2388072 2388073 2388293 2388299", End.FAILED, "template"),
    _row("coexistence sync", "2593107 2593108 2593109", End.FAILED, "retry"),
    _row("a code nobody knows yet", "424242", End.FAILED, "retry", word="refused"),
)  # fmt: skip

_PAGES = (
    _row("unknown, may have been sent", "1/99 1/1357046 1", End.UNCERTAIN, "retry", status=500,
         word="may have been sent"),
    _row("transient", "2", End.UNCERTAIN, "retry", status=500, word="may have been sent"),
    _row("label terms not accepted", "2/2018344", End.ALARMED, "wait", word="page"),
    _row("throttle", "4 613 613/2018338 613/1893016 613/2534040", End.RETRIED_TOGETHER, "retry", word="slow down"),
    _row("not receiving from you", "10/2018108", End.FAILED, "none", word="another channel"),
    _row("link refused", "10/2534077", End.FAILED, "none", word="link"),
    _row("page restricted for a while", "10/1893063", End.PAUSED_FOR_A_WHILE, "wait", word="for a while"),
    _row("permission missing", "10 200 200/2018028", End.ALARMED, "wait", status=403, word="permission"),
    _row("no matching user", "100/2018001", End.FAILED, "none", word="another channel"),
    _row("attachment fetch, type, id, size", "100/2018008 100/2018047 100/2018074 100/2018109 100/2018294", End.FAILED,
         "none", word="file"),
    _row("page unlinked", "100/2534013", End.ALARMED, "wait", word="page"),
    _row("bad user id", "100/2534014", End.FAILED, "none", word="another channel"),
    _row("bad message data", "100/2534015 100", End.FAILED, "none", word="Change it"),
    _row("comment not valid", "100/2534025", End.FAILED, "none", word="comment"),
    _row("blocked the business", "100/2534029", End.FAILED, "none", word="blocked"),
    _row("not thread owner", "100/2534037", End.FAILED, "retry", word="Another app"),
    _row("token", "190 190/463", End.PAUSED, "wait", status=401, word="disconnected"),
    _row("owner disabled access", "200/2534041", End.ALARMED, "wait", status=403, word="allow access"),
    _row("person unavailable", "551 551/1545041 200/1545041", End.FAILED, "none", word="another channel"),
    _row("no profile", "2018218", End.FAILED, "none"),
    _row("no permission for the profile", "2018247", End.ALARMED, "wait", word="permission"),
    _row("another app controls the thread", "2018300", End.FAILED, "retry", word="Another app"),
    _row("automated flow active", "2018321", End.FAILED, "retry", word="Another app"),
    _row("too old or deleted", "9000001", End.FAILED, "none", word="too old"),
    _row("a code nobody knows yet", "424242/7", End.FAILED, "retry", word="refused"),
)  # fmt: skip

MESSENGER = (
    *_PAGES,
    _row("outside the window", "10/2018278 10/2018065", End.FAILED, "template", status=403, word="approved template"),
)  # fmt: skip
INSTAGRAM = (*_PAGES, _row("outside the window", "10/2534022", End.FAILED, "wait", status=403, word="24 hours"))

ROWS = {Channel.WHATSAPP: WHATSAPP, Channel.MESSENGER: MESSENGER, Channel.INSTAGRAM: INSTAGRAM}
