"""The organisation as the rules see it: what `majlis apply` stored, immutable in memory.

Texts shown to people are `Words`: a language code ('en', 'ar') to a text.
"""

from datetime import date, time
from functools import cached_property

import msgspec

from server.domain.model import Channel, Priority, Role, SlaTarget

Words = dict[str, str]

HEAD_START_SECONDS = {Priority.URGENT: 3600, Priority.HIGH: 1200, Priority.NORMAL: 300, Priority.LOW: 0}


class Struct(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Frozen, by keyword, and strict about unknown keys."""


class MetaApp(Struct, frozen=True, kw_only=True):
    id: str
    # References, never values: 'env:META_APP_SECRET'. Several secrets may stand behind one reference.
    secret: str = "env:META_APP_SECRET"  # noqa: S105
    verify_token: str = "env:META_VERIFY_TOKEN"  # noqa: S105
    # Meta's own number of the app, so that echoes of our sends are told from others'.
    meta_id: str | None = None


class Span(Struct, frozen=True, kw_only=True):
    """Hours of one weekday (0 = Monday), in the calendar's own zone. `closes` 00:00 means midnight at the end."""

    weekday: int
    opens: time
    closes: time


class Calendar(Struct, frozen=True, kw_only=True):
    id: str
    time_zone: str
    hours: tuple[Span, ...]
    holidays: tuple[date, ...] = ()


class Target(Struct, frozen=True, kw_only=True):
    """Seconds to respond and the share of them after which people are warned."""

    seconds: int
    warn_at_share: float = 0.75


class SlaPolicy(Struct, frozen=True, kw_only=True):
    id: str
    # None: wall clock.
    calendar: str | None = None
    targets: dict[Priority, dict[SlaTarget, Target]]
    pause_while_snoozed: bool = True
    # After our reply the resolution clock rests until the customer writes again.
    pause_while_waiting_on_customer: bool = True
    # On breach the conversation moves up to this priority, if it was lower.
    raise_priority_on_breach: Priority | None = None


class Skill(Struct, frozen=True, kw_only=True):
    id: str
    names: Words


class Queue(Struct, frozen=True, kw_only=True):
    id: str
    sector: str
    names: Words
    offer_seconds: int = 30
    # How many seconds of waiting each priority is worth: rank = entered_at - head start.
    head_start_seconds: dict[Priority, int] = msgspec.field(default_factory=lambda: dict(HEAD_START_SECONDS))
    skills: tuple[str, ...] = ()


class PriorityRule(Struct, frozen=True, kw_only=True):
    """The first rule that fits decides. Every condition given must hold.

    Words are matched whole, case folded, Arabic spellings alike; a final * stands for any ending.
    """

    priority: Priority
    words: tuple[str, ...] = ()
    ad_sources: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    queue: str | None = None


class Sector(Struct, frozen=True, kw_only=True):
    id: str
    names: Words
    bots: bool
    queue: str
    calendar: str
    sla_policy: str
    time_zone: str
    flow: str | None = None
    default_language: str = "en"
    # The skill an advisor needs for a customer of the language; languages left out need none.
    language_skills: dict[str, str] = {}
    default_priority: Priority = Priority.NORMAL
    priority_rules: tuple[PriorityRule, ...] = ()
    # What people may call a customer here; rules may ask for it. One that only a rule names goes by its id.
    labels: dict[str, Words] = {}
    acknowledgement: Words = {}
    out_of_hours: Words = {}
    # A message this soon after resolution reopens the conversation; later ones open a new one.
    reopen_seconds: int = 86_400


class Inbox(Struct, frozen=True, kw_only=True):
    id: str
    sector: str
    channel: Channel
    names: Words
    # Phone number id, page id or Instagram account id.
    external_id: str
    app: str = "default"
    # WhatsApp business account id.
    account_id: str | None = None
    # The Facebook page of an Instagram account that is connected by Facebook Login: calls about it go to the page.
    page_id: str | None = None
    # Within which WhatsApp user ids mean anything.
    portfolio_id: str | None = None
    # The number or handle people see.
    display: str = ""
    # 'facebook' sends through META_GRAPH_URL, 'instagram' through META_INSTAGRAM_GRAPH_URL.
    api: str = "facebook"
    # Messages a second that Meta allows; None: the channel's own (WhatsApp 80), 20 beside the business app, 1000 when
    # upgraded, 0 for no limit of ours.
    throughput: int | None = None
    # Meta granted this Page or account the human agent feature: people may answer for seven days.
    human_agent: bool = False
    # Whether customers are told that their messages were seen, and that somebody writes. WhatsApp tells the second only
    # together with the first.
    read_receipts: bool = True
    typing: bool = True

    @property
    def node(self) -> str:
        """Where its messages are sent; `external_id` is what its webhooks name."""
        return self.page_id or self.external_id

    @property
    def lacks_page(self) -> bool:
        """Applied before pages were asked for: the account hears, but Meta takes nothing that is sent for it."""
        return self.channel is Channel.INSTAGRAM and self.api == "facebook" and self.page_id is None


class User(Struct, frozen=True, kw_only=True):
    email: str
    name: str
    role: Role
    sectors: tuple[str, ...]
    skills: tuple[str, ...] = ()
    # Only deliberate acts give work to somebody whose capacity is 0.
    capacity: int = 4
    language: str = "en"
    # Owners see numbers, not conversations, unless this says otherwise.
    reads_messages: bool | None = None


class Organisation(Struct, frozen=True, kw_only=True, dict=True):
    """Everything, by id. `flows` stay as documents here; `domain.flow` turns them into engines."""

    version: int = 0
    names: Words = {}
    apps: dict[str, MetaApp] = {}
    sectors: dict[str, Sector] = {}
    inboxes: dict[str, Inbox] = {}
    queues: dict[str, Queue] = {}
    skills: dict[str, Skill] = {}
    calendars: dict[str, Calendar] = {}
    sla_policies: dict[str, SlaPolicy] = {}
    flows: dict[str, dict[str, object]] = {}
    users: dict[str, User] = {}

    def inbox_of(self, channel: Channel | None, external_id: str | None) -> Inbox | None:
        """The active inbox behind an account on a channel."""
        return self._by_account.get((channel, external_id)) if channel else None

    def inboxes_of_account(self, account_id: str) -> tuple[Inbox, ...]:
        """The numbers of a WhatsApp business account, by id."""
        return self._sharing.get(account_id, ())

    @cached_property
    def apps_in_use(self) -> tuple[MetaApp, ...]:
        """Those that an inbox names: there is always a default one, whether it is needed or not."""
        named = {each.app for each in self.inboxes.values()}
        return tuple(app for id, app in sorted(self.apps.items()) if id in named)

    @cached_property
    def _sharing(self) -> dict[str, tuple[Inbox, ...]]:
        found: dict[str, tuple[Inbox, ...]] = {}
        for _, inbox in sorted(self.inboxes.items()):
            if inbox.account_id:
                found[inbox.account_id] = (*found.get(inbox.account_id, ()), inbox)
        return found

    @cached_property
    def _by_account(self) -> dict[tuple[Channel, str | None], Inbox]:
        return {(each.channel, each.external_id): each for each in self.inboxes.values()}
