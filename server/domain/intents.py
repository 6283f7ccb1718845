"""What a customer may want at any point of a talk with a bot, whatever the sector. All take folded words."""

from collections.abc import Sequence

from server.domain.folding import is_number, stems, words


def _folded(*lines: str) -> frozenset[str]:
    return frozenset(word for line in lines for word in words(line))


_PERSON = _folded(
    "person agent human humans representative rep operator advisor adviser employee staff someone somebody people",
    "manager consultant assistant receptionist",
    "موظف موظفة موظفين شخص أشخاص إنسان بشري بشر مندوب مندوبة مسؤول مسئول ممثل مستشار مستشارة أحد حد مدير",
)
# Certain enough to be heard inside a longer sentence.
_PERSON_STRONG = _folded("agent human representative operator", "موظف موظفة إنسان بشري مندوب مستشار")
# Two words that mean people only together.
_SERVICE = {
    **dict.fromkeys(_folded("customer client"), _folded("service services support care")),
    **dict.fromkeys(_folded("خدمة"), _folded("عملاء زبائن")),
    **dict.fromkeys(_folded("live real"), _folded("chat person human agent")),
}
_FILLERS = _folded(
    "a an the to with of from for in on at i i'd i'm me my we us you your is are am be it this that there here now",
    "want wanna need like would could can may please pls plz speak talk chat connect get give let transfer call",
    "contact reach ask see have just real live help hi hello hey available anyone customer client service support team",
    "أريد ابي ابغى بغيت عايز عاوز بدي أود نفسي ممكن لو سمحت من فضلك رجاء أرجو أن أتكلم أتحدث أحكي",
    "تحدث التحدث الكلام كلام أكلم مع إلى على في عن هل يوجد فيه حد أحد ما حولني حولوني وصلني كلمني خدمة العملاء",
    "عملاء الدعم دعم مرحبا السلام عليكم يا الآن حقيقي مباشرة",
)
_GREETINGS = _folded(
    "hi hello hey hiya salam salaam good morning afternoon evening marhaba there dear team",
    "مرحبا مرحبًا أهلا اهلا هلا هلو السلام عليكم ورحمة الله وبركاته صباح مساء الخير النور سلام هاي",
)
_GREETS = _folded("hi hello hey hiya salam salaam morning afternoon evening marhaba") | _folded(
    "مرحبا أهلا هلا هلو السلام سلام صباح مساء هاي"
)
_THANKS = _folded(
    "thanks thank thx thankyou ty cheers merci",
    "شكرا مشكور مشكورة تسلم تسلمي يسلمو ممنون ممتن جزاك جزاكم",
)
_AROUND_THANKS = _THANKS | _folded(
    "you so very much a lot ok okay great perfect nice cool good super wonderful for the help your that's it all no",
    "جزيلا لك لكم جدا كثير كتير الله خير خيرا يعطيك العافية تمام ممتاز حلو طيب لا خلاص على المساعدة",
)
_AGREES = _folded("ok okay k great perfect cool alright fine noted", "تمام حسنا طيب اوكي اوك ماشي ممتاز")
_MENU = _folded(
    "menu main options option start restart back home begin help",
    "القائمة قائمة الرئيسية خيارات الخيارات ابدأ رجوع ارجع البداية مساعدة ساعدني",
)
_LEAVE = _folded("cancel stop exit quit back menu nevermind", "إلغاء الغاء خروج رجوع ارجع توقف القائمة")


def wants_person(text: Sequence[str]) -> bool:
    """A short wish for a human being: 'person', 'can I talk to an agent please', 'أريد التحدث إلى موظف'."""
    if not text or len(text) > 12:
        return False
    asked = False
    for place, word in enumerate(text):
        # 'A table for one person' is about guests; in Arabic 'one' even looks like 'and somebody'.
        if is_number(word):
            return False
        if _one_of(word, _PERSON) or _service(text, place):
            asked = True
        elif not _one_of(word, _FILLERS):
            return False
    return asked


def mentions_person(text: Sequence[str]) -> bool:
    """A word for a human being somewhere in a text that made no other sense."""
    return any(_one_of(word, _PERSON_STRONG) or _service(text, place) for place, word in enumerate(text))


def greets(text: Sequence[str]) -> bool:
    """Nothing but a greeting."""
    return _all(text, _GREETINGS) and any(word in _GREETS for word in text)


def thanks(text: Sequence[str]) -> bool:
    """Thanks, or agreement that asks for nothing."""
    if _all(text, _AGREES):
        return True
    return _all(text, _AROUND_THANKS) and any(word in _THANKS for word in text)


def wants_menu(text: Sequence[str]) -> bool:
    return 0 < len(text) <= 3 and all(_one_of(word, _MENU) or word in ("the", "to") for word in text)


def leaves(text: Sequence[str]) -> bool:
    """Wants out of a question."""
    return len(text) == 1 and _one_of(text[0], _LEAVE)


def _service(text: Sequence[str], place: int) -> bool:
    follow = next((found for stem in stems(text[place]) if (found := _SERVICE.get(stem))), None)
    return follow is not None and place + 1 < len(text) and _one_of(text[place + 1], follow)


def _one_of(word: str, known: frozenset[str]) -> bool:
    return word in known or (not word.isascii() and any(stem in known for stem in stems(word)))


def _all(text: Sequence[str], known: frozenset[str]) -> bool:
    return 0 < len(text) <= 8 and all(word in known for word in text)
