"""Every route of the product. A test holds each against role and sector; one that is not listed fails it."""

from litestar.types import ControllerRouterHandler

from server.web import (
    administration,
    assets,
    board,
    conversations,
    events,
    health,
    me,
    messages,
    offers,
    pages,
    sign_in,
)


def route_handlers() -> list[ControllerRouterHandler]:
    return [
        conversations.conversation_list, conversations.conversation, conversations.older_messages,
        conversations.resolve, conversations.hand_back, conversations.take_over, conversations.mark_read,
        conversations.transfer, conversations.reassign, conversations.transfer_targets,
        messages.reply_to, messages.retry, messages.discard, messages.add_note, messages.keep_draft,
        offers.accept, offers.decline,
        me.inbox, me.me, me.change_me, me.set_presence, me.own_sessions, me.end_session,
        board.board, events.events,
        administration.list_users, administration.list_quarantine,
        sign_in.sign_in, sign_in.sign_in_by_link, sign_in.sign_out,
        health.healthz, health.readyz, health.metrics,
        *pages.page_handlers(), assets.static_router(),
    ]  # fmt: skip
