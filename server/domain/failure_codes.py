"""Meta's error codes as data: the class of each, and what it means for the advisor. Facts §8, row by row."""

from server.domain import failure_words as words
from server.domain.failures import Advice, Codes, Course, Rule, Scope
from server.domain.inbound import Failure
from server.domain.model import Channel

# Below zero: failures that carry no code of Meta's.
NO_CODE = -1
OVER_LIMIT = -2
NO_BOTS = -3
NO_TOKEN = -4
DECIDED = -5
# A file that is gone, or that Meta could not be given.
NO_FILE = -6

UNSURE = words.UNSURE


def rule_of(channel: Channel, failure: Failure) -> Rule:
    codes = WHATSAPP if channel is Channel.WHATSAPP else MESSAGING
    return codes.rule(failure.code, failure.subcode)


def advise(channel: Channel, failure: Failure) -> Advice:
    """What to tell the advisor, in English; the console translates `words`."""
    return rule_of(channel, failure).advice


def is_elsewhere(channel: Channel, failure: Failure) -> bool:
    """Whether another app of the page holds the chat."""
    return rule_of(channel, failure).advice is words.ELSEWHERE


def _rule(course: Course, advice: Advice) -> Rule:
    return Rule(course=course, advice=advice)


def _each(rule: Rule, *codes: int) -> dict[int, Rule]:
    return dict.fromkeys(codes, rule)


def _retry(advice: Advice, first: float, factor: float, tries: int, scope: Scope = Scope.MESSAGE) -> Rule:
    return Rule(
        course=Course.RETRY, advice=advice, first_seconds=first, factor=factor, tries=tries, scope=scope
    )  # fmt: skip


_TOKEN = _rule(Course.PAUSE_INBOX, words.DISCONNECTED)
_NOT_ALLOWED = _rule(Course.ALERT, words.PERMISSION)
_RESTRICTED = _rule(Course.ALERT, words.ACCOUNT)
_SETUP = _rule(Course.ALERT, words.NUMBER)
_PAGE_SETUP = _rule(Course.ALERT, words.PAGE)
_FIX = _rule(Course.FIX, words.CONTENT)
_BAD_TEMPLATE = _rule(Course.FIX, words.TEMPLATE)
_NEEDS_TEMPLATE = _rule(Course.WINDOW_OVER, words.WINDOW)
_GONE = _rule(Course.GIVE_UP, words.UNREACHABLE)
_OTHER = _rule(Course.GIVE_UP, words.REFUSED)
_TEMPORARY = _retry(words.PASSING, 2, 3, 4)
_APP_LIMIT = _retry(words.BUSY, 60, 2, 8, Scope.INBOX)
_MAINTENANCE = _retry(words.PASSING, 60, 1.5, 10, Scope.INBOX)
_ONCE_MORE = _retry(words.MEDIA, 5, 1, 2)

_OURS = {
    NO_CODE: _OTHER,
    OVER_LIMIT: _FIX,
    NO_BOTS: _rule(Course.GIVE_UP, words.NO_BOTS),
    NO_TOKEN: _TOKEN,
    DECIDED: _rule(Course.GIVE_UP, words.DECISION),
    NO_FILE: _ONCE_MORE,
}

WHATSAPP = Codes(
    codes=_OURS
    | _each(_TOKEN, 0, 190)
    | _each(_NOT_ALLOWED, 3, 10, 131005)
    | _each(_TEMPORARY, 1, 2, 131000, 131016, 133004, 132069)
    | _each(_APP_LIMIT, 4, 80007)
    | _each(_MAINTENANCE, 131057)
    | {
        130429: _retry(words.BUSY, 1, 2, 12, Scope.INBOX),
        # Meta's own advice for one pair of numbers: 4^n seconds.
        131056: _retry(words.BUSY, 4, 4, 6),
        131047: _NEEDS_TEMPLATE,
        131048: _rule(Course.ALERT, words.SPAM),
        131049: Rule(course=Course.SUPPRESS, advice=words.HELD, hold_seconds=24 * 3600),
        131050: _rule(Course.SUPPRESS, words.STOPPED),
        130472: _rule(Course.GIVE_UP, words.EXPERIMENT),
        131021: _rule(Course.GIVE_UP, words.OURSELVES),
        131026: _GONE,
        131030: _rule(Course.ALERT, words.TESTING),
        131055: _rule(Course.FIX, words.MARKETING),
        131062: _rule(Course.GIVE_UP, words.PHONE),
        131063: _rule(Course.FIX, words.MARKETING),
        137000: _rule(Course.GIVE_UP, words.IDENTITY),
    }
    | _each(_ONCE_MORE, 131052, 131053)
    | _each(_FIX, 33, 100, 131008, 131009, 131051, 131059, 135000)
    | _each(_RESTRICTED, 368, 130497, 131031, 131064)
    | _each(_rule(Course.ALERT, words.PAYMENT), 131042, 131044)
    | _each(_SETUP, 131037, 131045, 133000, 133005, 133006, 133008, 133009, 133010, 133015, 133016)
    | _each(_BAD_TEMPLATE, 132000, 132001, 132005, 132007, 132008, 132012, 132015, 132016, 132018, 132068),
    ranges=(
        (range(200, 300), _NOT_ALLOWED),
        # Blocking, groups; calling; usernames: nothing of these is about a message of ours.
        (range(131200, 131300), _OTHER),
        (range(138000, 140000), _OTHER),
        (range(147001, 147006), _OTHER),
        (range(2388000, 2389000), _BAD_TEMPLATE),
        (range(2593107, 2593110), _OTHER),
    ),
    other=_OTHER,
)

_THROTTLED = _retry(words.BUSY, 30, 2, 8, Scope.INBOX)
_UNTIL_THEY_WRITE = _rule(Course.WINDOW_OVER, words.SILENCE)
_THREAD = _rule(Course.GIVE_UP, words.ELSEWHERE)
_BAD_FILE = _rule(Course.FIX, words.MEDIA)

MESSAGING = Codes(
    pairs={
        (2, 2018344): _PAGE_SETUP,
        (10, 2018278): _NEEDS_TEMPLATE,
        (10, 2018065): _NEEDS_TEMPLATE,
        (10, 2534022): _UNTIL_THEY_WRITE,
        (10, 2018108): _GONE,
        (10, 2534077): _rule(Course.FIX, words.LINK),
        # "Temporarily": tried again by itself.
        (10, 1893063): Rule(course=Course.PAUSE_INBOX, advice=words.RESTING, resume_seconds=3600),
        (100, 2018001): _GONE,
        (100, 2534013): _PAGE_SETUP,
        (100, 2534014): _GONE,
        (100, 2534025): _rule(Course.GIVE_UP, words.COMMENT),
        (100, 2534029): _GONE,
        (100, 2534037): _THREAD,
        (200, 1545041): _GONE,
        (200, 2534041): _rule(Course.ALERT, words.DIRECT),
    }
    | dict.fromkeys([(100, each) for each in (2018008, 2018047, 2018074, 2018109, 2018294)], _BAD_FILE),
    codes=_OURS
    | _each(_TOKEN, 0, 190)
    # An error here may follow a message that was delivered.
    | _each(_rule(Course.UNSURE, words.UNSURE), 1, 2)
    | _each(_THROTTLED, 4, 17, 32, 613, 80006, 80007)
    | _each(_NOT_ALLOWED, 3, 10)
    | _each(_RESTRICTED, 368)
    | _each(_FIX, 33, 100)
    | _each(_GONE, 551, 2018218)
    | _each(_rule(Course.ALERT, words.PERMISSION), 2018247)
    | _each(_THREAD, 2018300, 2018321)
    | _each(_rule(Course.GIVE_UP, words.GONE_MESSAGE), 9000001),
    ranges=((range(200, 300), _NOT_ALLOWED),),
    other=_OTHER,
)
