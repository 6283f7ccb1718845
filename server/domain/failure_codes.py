"""Meta's error codes as data (facts §8): the class of each, and its words for an advisor."""

from server.domain.failures import Act, Advice, Codes, Course, Rule, Scope
from server.domain.inbound import Failure
from server.domain.model import Channel

# Below zero: failures that carry no code of Meta's.
NO_CODE = -1
OVER_LIMIT = -2
NO_BOTS = -3
NO_TOKEN = -4
DECIDED = -5


def rule_of(channel: Channel, failure: Failure) -> Rule:
    codes = _WHATSAPP if channel is Channel.WHATSAPP else _MESSAGING
    return codes.rule(failure.code, failure.subcode)


def advise(channel: Channel, failure: Failure) -> Advice:
    """What to tell the advisor, in English; the console translates `words`."""
    return rule_of(channel, failure).advice


UNSURE = Advice("It may have been sent. Check with the customer before you send it again.", Act.RETRY)
_WINDOW = Advice(
    "More than 24 hours have passed since the customer last wrote: only an approved template may be sent.", Act.TEMPLATE
)
_SILENCE = Advice(
    "More than 24 hours have passed since the customer last wrote: we may answer as soon as they write again.", Act.WAIT
)
_DISCONNECTED = Advice(
    "This channel is disconnected from Meta. Your administrator has to connect it again; waiting messages then leave"
    " by themselves.", Act.WAIT,
)  # fmt: skip
_PERMISSION = Advice("Meta does not let us send here. Your administrator has to restore the permission.", Act.WAIT)
_ACCOUNT = Advice("Meta has restricted this business account. Your administrator has to look into it.", Act.WAIT)
_PAYMENT = Advice("Meta sends nothing until the account's payment is settled. Tell your administrator.", Act.WAIT)
_NUMBER = Advice("This WhatsApp number is not set up completely at Meta. Tell your administrator.", Act.WAIT)
_BUSY = Advice("Meta asked us to slow down. Try again in a few minutes.", Act.RETRY)
_PASSING = Advice("Meta had a passing problem. Send it again.", Act.RETRY)
_CONTENT = Advice("Meta refused this message as it is written. Change it and send it anew.", Act.NONE)
_UNREACHABLE = Advice(
    "The customer cannot be reached here: they may have blocked us, left, or use too old an app. Try another channel.",
    Act.NONE,
)  # fmt: skip
_STOPPED = Advice("The customer does not want marketing messages from us.", Act.NONE)
_HELD = Advice("Meta held this marketing message back. Do not repeat it today.", Act.NONE)
_TEMPLATE = Advice("This template cannot be used as it is. Choose another.", Act.TEMPLATE)
_IDENTITY = Advice("The customer's WhatsApp changed hands or device. Confirm who they are before you write.", Act.NONE)
_PHONE = Advice("This needs the customer's phone number, which we do not have.", Act.NONE)
_ELSEWHERE = Advice("Another app holds this chat at the moment. Try again later.", Act.RETRY)
_MEDIA = Advice("The file could not be delivered. Check its type and size.", Act.NONE)
_REFUSED = Advice("Meta refused this message.", Act.RETRY)
_NO_BOTS = Advice("Automatic messages are not allowed in this sector.", Act.NONE)
_DECISION = Advice("Somebody decided about this message.", Act.NONE)


def _rule(course: Course, advice: Advice) -> Rule:
    return Rule(course=course, advice=advice)


def _each(rule: Rule, *codes: int) -> dict[int, Rule]:
    return dict.fromkeys(codes, rule)


_TOKEN = _rule(Course.PAUSE_INBOX, _DISCONNECTED)
_NOT_ALLOWED = _rule(Course.ALERT, _PERMISSION)
_RESTRICTED = _rule(Course.ALERT, _ACCOUNT)
_TEMPORARY = Rule(course=Course.RETRY, advice=_PASSING, first_seconds=2, factor=3, tries=4)
_APP_LIMIT = Rule(course=Course.RETRY, advice=_BUSY, first_seconds=60, factor=2, tries=8, scope=Scope.INBOX)
_MAINTENANCE = Rule(course=Course.RETRY, advice=_PASSING, first_seconds=60, factor=1.5, tries=10, scope=Scope.INBOX)
_FIX = _rule(Course.FIX, _CONTENT)
_GONE = _rule(Course.GIVE_UP, _UNREACHABLE)
_CLOSED = _rule(Course.NEEDS_TEMPLATE, _WINDOW)
_SETUP = _rule(Course.ALERT, _NUMBER)
_ONCE_MORE = Rule(course=Course.RETRY, advice=_MEDIA, first_seconds=5, tries=2)

_OURS = {
    OVER_LIMIT: _FIX,
    NO_BOTS: _rule(Course.GIVE_UP, _NO_BOTS),
    NO_TOKEN: _TOKEN,
    DECIDED: _rule(Course.GIVE_UP, _DECISION),
}

_WHATSAPP = Codes(
    codes=_OURS
    | _each(_TOKEN, 0, 190)
    | _each(_NOT_ALLOWED, 3, 10, 131005)
    | _each(_TEMPORARY, 1, 2, 131000, 131016, 133004, 132069)
    | _each(_APP_LIMIT, 4, 80007)
    | _each(_MAINTENANCE, 131057)
    | {
        130429: Rule(course=Course.RETRY, advice=_BUSY, first_seconds=1, factor=2, tries=12, scope=Scope.INBOX),
        # Meta's own advice for one pair of numbers: 4^n seconds.
        131056: Rule(course=Course.RETRY, advice=_BUSY, first_seconds=4, factor=4, tries=6),
        131047: _CLOSED,
        131049: _rule(Course.GIVE_UP, _HELD),
        131050: _rule(Course.SUPPRESS, _STOPPED),
        131062: _rule(Course.GIVE_UP, _PHONE),
        137000: _rule(Course.GIVE_UP, _IDENTITY),
    }
    | _each(_ONCE_MORE, 131052, 131053)
    | _each(_FIX, 33, 100, 131008, 131009, 131051, 131055, 131059, 131063, 135000)
    | _each(_RESTRICTED, 368, 130497, 131031, 131048, 131064)
    | _each(_rule(Course.ALERT, _PAYMENT), 131042, 131044)
    | _each(_SETUP, 131030, 131037, 131045, 132068, 133016)
    | _each(_SETUP, 133000, 133005, 133006, 133008, 133009, 133010, 133015)
    | _each(_GONE, 130472, 131021, 131026)
    | _each(_rule(Course.FIX, _TEMPLATE), 132000, 132001, 132005, 132007, 132008, 132012, 132015, 132016, 132018),
    ranges=(
        (range(200, 300), _NOT_ALLOWED),
        (range(131200, 131300), _GONE),
        (range(138000, 140000), _GONE),
        (range(147001, 147006), _GONE),
        (range(2388000, 2389000), _rule(Course.FIX, _TEMPLATE)),
        (range(2593107, 2593110), _SETUP),
    ),
    other=_rule(Course.GIVE_UP, _REFUSED),
)

_THROTTLED = Rule(course=Course.RETRY, advice=_BUSY, first_seconds=30, factor=2, tries=8, scope=Scope.INBOX)
_UNTIL_THEY_WRITE = _rule(Course.NEEDS_TEMPLATE, _SILENCE)
_THREAD = _rule(Course.GIVE_UP, _ELSEWHERE)
_BAD_FILE = _rule(Course.FIX, _MEDIA)

_MESSAGING = Codes(
    pairs={
        (2, 2018344): _SETUP,
        (10, 2018278): _UNTIL_THEY_WRITE,
        (10, 2018065): _UNTIL_THEY_WRITE,
        (10, 2534022): _UNTIL_THEY_WRITE,
        (10, 2018108): _GONE,
        (10, 2534077): _FIX,
        (10, 1893063): _rule(Course.PAUSE_INBOX, _ACCOUNT),
        (100, 2018001): _GONE,
        (100, 2534014): _GONE,
        (100, 2534013): _SETUP,
        (100, 2534029): _GONE,
        (100, 2534037): _THREAD,
        (200, 1545041): _GONE,
        (200, 2534041): _NOT_ALLOWED,
    }
    | dict.fromkeys([(100, each) for each in (2018008, 2018047, 2018074, 2018109, 2018294)], _BAD_FILE),
    codes=_OURS
    | _each(_TOKEN, 0, 190)
    # An error here may follow a message that was delivered.
    | _each(_rule(Course.UNSURE, UNSURE), 1, 2)
    | _each(_THROTTLED, 4, 17, 32, 613, 80006, 80007)
    | _each(_NOT_ALLOWED, 3, 10)
    | _each(_RESTRICTED, 368)
    | _each(_FIX, 33, 100)
    | _each(_GONE, 551, 2018218)
    | _each(_THREAD, 2018300, 2018321),
    ranges=((range(200, 300), _NOT_ALLOWED),),
    other=_rule(Course.GIVE_UP, _REFUSED),
)
