"""What may be asked of a customer: the bodies of `POST /control/customers/ID/ACT`."""

from typing import Annotated, Any, Literal

import msgspec

from server.simulator.files.store import Fault

Words = Annotated[str, msgspec.Meta(max_length=20_000)]


class Act(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    inbox: str


class Say(Act, frozen=True, kw_only=True):
    text: str
    reply_to: str | None = None


class Press(Act, frozen=True, kw_only=True):
    # The option's id or title.
    option: str
    # The message it belongs to; None: the newest that offers it.
    line: str | None = None


class Start(Act, frozen=True, kw_only=True):
    entrance: Literal["ad", "link"]
    ref: str = ""
    ad_id: str = ""
    # False: as from placements that send no click id.
    click_id: bool = True


class Look(Act, frozen=True, kw_only=True):
    open: bool = True


class Set(Act, frozen=True, kw_only=True):
    blocked: bool | None = None
    last_wrote_hours_ago: float | None = None
    # How a look-up of this person is answered: openly, without consent, or as somebody who is gone.
    profile: Literal["open", "consent", "gone"] | None = None
    # Whether marketing is welcome; nothing is told.
    preference: Literal["stop", "resume"] | None = None
    # Who controls the thread; nothing is told.
    holder: Literal["us", "page_inbox", "business_agent"] | None = None


class Business(Act, frozen=True, kw_only=True):
    """Somebody of the business, on its own phone or in Meta's own inbox."""

    kind: Literal["text", "image", "video", "document", "voice", "edit", "revoke"] = "text"
    text: Words = ""
    file: str | None = None
    # What an edit or a revoke is about; None: the newest of theirs.
    line: str | None = None


class Status(Act, frozen=True, kw_only=True):
    """Any status of a business's message, whatever really became of it."""

    status: Literal["sent", "delivered", "read", "played", "failed"]
    line: str | None = None
    # Of a failed one.
    code: int = 131026
    pricing: dict[str, Any] | None = None


class Play(Act, frozen=True, kw_only=True):
    line: str


class Send(Act, frozen=True, kw_only=True):
    """Anything a customer, or Meta about a customer, can tell the business. What is left out has a sensible value."""

    kind: str
    text: Words = ""
    reply_to: str | None = None
    # The message that a reaction, an edit, a revoke, a read mark or feedback is about; None: the newest that fits.
    line: str | None = None

    # Files: a sample's name or an uploaded file's id; several make an album where the channel has them.
    file: str | tuple[str, ...] | None = None
    name: str = ""
    animated: bool = False
    fault: Fault | None = None

    emoji: str = "❤️"
    latitude: float = 21.543333
    longitude: float = 39.172778
    address: str = ""
    url: str = ""
    people: tuple[dict[str, Any], ...] = ()
    # Buttons, rows, quick replies, postbacks, products, posts and stories.
    id: str = ""
    title: str = ""
    description: str = ""
    payload: str = ""
    items: tuple[dict[str, Any], ...] = ()
    # Answers of a form, flow or lead.
    fields: dict[str, Any] = {}
    reason: str = ""
    code: int | None = None

    forwarded: Literal["once", "often"] | None = None
    referral: Literal["ad", "post"] | dict[str, Any] | None = None
    # The product of the catalogue a message asks about.
    product: str = ""
    ad_id: str = ""
    ref: str = ""

    change: Literal["number", "user_id", "identity"] = "number"
    phone: str = ""
    value: Literal["stop", "resume", "signup"] = "stop"
    action: str = ""
    app_id: str = ""
    is_self: bool = False
    # Told to us as to a bystander: another app holds the thread.
    standby: bool = False

    # Codes of `errors[]` on the message itself.
    errors: tuple[int, ...] = ()
    # Dated so long ago.
    age_seconds: float = 0.0
    # Odd shapes: paths like "interactive.button_reply", taken away or given any value.
    without: tuple[str, ...] = ()
    replace: dict[str, Any] = {}


ACTS: dict[str, type[Act]] = {
    "say": Say,
    "press": Press,
    "start": Start,
    "look": Look,
    "set": Set,
    "business": Business,
    "send": Send,
    "status": Status,
    "play": Play,
}
