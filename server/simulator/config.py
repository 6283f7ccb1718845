"""What a simulator is told when it starts."""

from pathlib import Path

import msgspec

DEFAULT_META_ID = "420000000000042"


class SimulatedInbox(msgspec.Struct, frozen=True, kw_only=True):
    """One business account on Meta's side; the keys are those of an inbox in the organisation file."""

    id: str
    channel: str
    external_id: str
    sector: str = ""
    names: dict[str, str] = {}
    display: str = ""
    account_id: str | None = None
    portfolio_id: str | None = None
    page_id: str | None = None
    app: str = "default"
    api: str = "facebook"
    # The organisation file may say more than Meta knows.
    sector_names: dict[str, str] = {}

    @property
    def entry_id(self) -> str:
        """What `entry[].id` says: the business account on WhatsApp, else the page or Instagram account."""
        if self.channel == "whatsapp":
            return self.account_id or f"waba-{self.external_id}"
        return self.external_id

    @property
    def node(self) -> str:
        """Where it is sent from; '' for an Instagram account by Facebook Login whose page nobody named."""
        return self.page_id or "" if self.channel == "instagram" and self.api == "facebook" else self.external_id

    @property
    def subscriber(self) -> str:
        """The node whose `subscribed_apps` are asked and changed."""
        return self.entry_id if self.channel == "whatsapp" else self.node

    def is_named(self, node: str) -> bool:
        """Whether a node of the graph is the account itself or speaks for it."""
        return node in (self.external_id, self.entry_id, self.page_id)

    @property
    def scope(self) -> str:
        """Within which a customer's id on this channel means anything."""
        if self.channel == "whatsapp":
            return f"whatsapp:{self.portfolio_id or self.account_id or self.external_id}"
        return f"{self.channel}:{self.external_id}"


class SimulatedApp(msgspec.Struct, frozen=True, kw_only=True):
    """A Meta app: its number, carried by echoes, and the secret that signs its webhooks."""

    id: str
    secret: str
    meta_id: str = DEFAULT_META_ID


class SimulatorConfig(msgspec.Struct, frozen=True, kw_only=True):
    callback: str
    inboxes: tuple[SimulatedInbox, ...]
    secret: str
    verify_token: str = ""
    # Further apps by the id inboxes name; 'default' is made from `secret`.
    apps: tuple[SimulatedApp, ...] = ()
    meta_id: str = DEFAULT_META_ID
    # None: any bearer token is good until it is made to expire.
    access_token: str | None = None
    # New scripted conversations per minute; 0 for none.
    rate: float = 0
    # How fast scripted people read and type, and receipts travel: 1 as people do, 0 at once.
    pace: float = 1.0
    log: Path | None = None
    # Where people and threads are kept across restarts.
    memory: Path | None = None
    # Ads that lead to a sector, as the organisation's rules name them.
    ads: dict[str, str] = {}
    # Webhook calls at once, and the longest pause between two attempts.
    concurrency: int = 8
    retry_ceiling_seconds: float = 5.0
    seed: int | None = None
    # The address of the console, offered as a link on the phone page.
    console_url: str = ""

    def app(self, name: str) -> SimulatedApp:
        return next(
            (app for app in self.apps if app.id == name),
            SimulatedApp(id="default", secret=self.secret, meta_id=self.meta_id),
        )
