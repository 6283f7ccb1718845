"""Who may see and do what. Every query is bounded by `Viewer.sectors`; these rules say the rest."""

import msgspec

from server.domain.model import Role


class Viewer(msgspec.Struct, frozen=True, kw_only=True):
    """The signed-in person, read anew for every request and socket."""

    user_id: int
    name: str
    email: str
    role: Role
    sectors: frozenset[str]
    # An owner sees numbers, not conversations, unless granted.
    reads_messages: bool
    language: str = "en"

    @property
    def actor(self) -> str:
        return f"user:{self.user_id}"


def supervises(viewer: Viewer, sector_id: str) -> bool:
    """May read and steer every conversation of the sector."""
    return (
        sector_id in viewer.sectors and viewer.reads_messages and viewer.role in (Role.SUPERVISOR, Role.ADMINISTRATOR)
    )


def steers(viewer: Viewer, sector_id: str, owner_id: int | None) -> bool:
    """May resolve, hand back and transfer it: one's own, or any of a sector one supervises."""
    return owner_id == viewer.user_id or supervises(viewer, sector_id)


def reads_every_conversation(viewer: Viewer) -> bool:
    """Beyond those one holds or held: supervisors, administrators, and owners who were granted it."""
    return viewer.reads_messages and viewer.role is not Role.ADVISOR


def sees_board(viewer: Viewer) -> bool:
    return viewer.role is not Role.ADVISOR


def takes_conversations(viewer: Viewer) -> bool:
    """May own conversations: advisors get offers, supervisors take over."""
    return viewer.role in (Role.ADVISOR, Role.SUPERVISOR)


def administers(viewer: Viewer) -> bool:
    return viewer.role is Role.ADMINISTRATOR


def merges_contacts(viewer: Viewer) -> bool:
    """May say that two customers are one, or are not after all."""
    return viewer.reads_messages and viewer.role in (Role.SUPERVISOR, Role.ADMINISTRATOR)


def sees_meta_health(viewer: Viewer) -> bool:
    return viewer.role in (Role.ADMINISTRATOR, Role.OWNER)


def hears_alarms(viewer: Viewer) -> bool:
    """Is told when an account needs somebody."""
    return viewer.role in (Role.SUPERVISOR, Role.ADMINISTRATOR)
