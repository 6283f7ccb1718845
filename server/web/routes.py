"""Every route of the product. A test holds each against role and sector; one that is not listed fails it."""

from litestar.types import ControllerRouterHandler

from server.web import (
    administration,
    assets,
    attachments,
    attempts,
    board,
    contacts,
    conversations,
    costs,
    desk_lists,
    events,
    health,
    labels,
    me,
    messages,
    meta_health,
    offers,
    pages,
    sign_in,
    templates,
    timers,
)


def route_handlers() -> list[ControllerRouterHandler]:
    return [
        conversations.conversation_list, conversations.conversation, conversations.older_messages,
        conversations.resolve, conversations.hand_back, conversations.take_over, conversations.mark_read,
        conversations.transfer, conversations.reassign, conversations.transfer_targets,
        messages.reply_to, messages.say, messages.react, messages.retry, messages.discard, messages.add_note,
        messages.keep_draft,
        templates.list_templates, templates.refresh_templates,
        labels.set_label, timers.conversation_timers, desk_lists.desk_conversations,
        attachments.attachment_content, attachments.attachment_thumbnail, attachments.upload_attachment,
        attachments.drop_attachment, attachments.public_file,
        offers.accept, offers.decline,
        contacts.search_contacts, contacts.contact, contacts.merge_contacts, contacts.undo_merge, contacts.picture,
        meta_health.meta_health, meta_health.meta_health_page, meta_health.check_inbox,
        attempts.attempts, costs.month_costs,
        me.inbox, me.me, me.change_me, me.set_presence, me.own_sessions, me.end_session,
        board.board, events.events,
        administration.list_users, administration.list_quarantine,
        sign_in.sign_in, sign_in.sign_in_by_link, sign_in.sign_out,
        health.healthz, health.readyz, health.metrics,
        *pages.page_handlers(), assets.static_router(),
    ]  # fmt: skip
