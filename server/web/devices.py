"""A browser's user agent in words a person recognises their own device by."""

# The first that fits names it: later ones are contained in what earlier ones send.
_BROWSERS = (("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
_SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)  # fmt: skip
_HELD_IN_HAND = ("iPhone", "Android")


def browser_name(user_agent: str) -> str:
    """'Chrome'; empty when nothing is recognised."""
    return _first(_BROWSERS, user_agent)


def system_name(user_agent: str) -> str:
    """'Windows'; empty when nothing is recognised."""
    return _first(_SYSTEMS, user_agent)


def icon_of(user_agent: str) -> str:
    return "phone" if system_name(user_agent) in _HELD_IN_HAND else "device"


def _first(signs: tuple[tuple[str, str], ...], user_agent: str) -> str:
    return next((name for sign, name in signs if sign in user_agent), "")
