"""Named failures a caller can act on. The text says what to do; `web.errors` maps each to a status once."""


class MajlisError(Exception):
    """The root of every failure we name. `extra['values']` fill the places in the text, also when it is translated."""

    def __init__(self, detail: str = "", **extra: object) -> None:
        super().__init__(detail)
        self.detail = detail
        # What the client may show or act on, beside the words.
        self.extra = extra

    @property
    def words(self) -> str:
        """The text in English, its places filled."""
        text, values = self.detail, self.extra.get("values")
        for name, value in values.items() if isinstance(values, dict) else ():
            text = text.replace("{" + name + "}", str(value))
        return text


class Unauthenticated(MajlisError):
    """No valid session."""


class Forbidden(MajlisError):
    """The person is known and may not do this."""


class NotFound(MajlisError):
    """It does not exist, or lies behind a wall the person must not see through."""


class Invalid(MajlisError):
    """A value breaks a rule; `extra['field']` names it."""


class TooLarge(MajlisError):
    """More bytes than allowed; `extra['limit']` says how many are."""


class Conflict(MajlisError):
    """The world changed since the person looked; `extra` says what."""


class OfferGone(Conflict):
    """The offer was decided already: expired, withdrawn, declined or accepted."""


class AtCapacity(Conflict):
    """The advisor already has as many conversations as allowed."""


class StaleReply(Conflict):
    """Somebody replied, or owner or state changed, since the message this reply was based on."""


class WindowClosed(Conflict):
    """Meta's 24-hour customer-service window is over: only an approved template may be sent."""


class TooMany(MajlisError):
    """Too many attempts; `extra['retry_after_seconds']` says when to try again."""


class Unavailable(MajlisError):
    """The database is out of reach; nothing was changed; `extra['retry_after_seconds']`."""


class LeaseLost(MajlisError):
    """Another process took this work over; the transaction must end without effect."""


class OrganisationError(MajlisError):
    """The organisation folder is wrong; the text names file, line and key."""


class FlowError(MajlisError):
    """A flow document is wrong."""


class SettingsError(MajlisError):
    """An environment variable is missing or wrong; the text names it."""
