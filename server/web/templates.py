"""Message templates of a conversation's inbox: what may be sent when the window is closed."""

import msgspec
from litestar import get, post
from litestar.params import JSONBody

from server.actions import templates as actions
from server.actions.unit import Services
from server.domain import templates as rules
from server.domain.access import Viewer
from server.domain.channel_limits import takes_template
from server.domain.errors import NotFound
from server.domain.organisation import Inbox
from server.domain.template_forms import Form, Part
from server.domain.templates import Stored
from server.store import templates, views
from server.store.pool import Connection
from server.web import wire
from server.web.commands import Command
from server.web.parameters import Asker, Ours, PathId, QueryWord


@get("/api/conversations/{conversation_id:int}/templates")
async def list_templates(
    conversation_id: PathId, services: Ours, viewer: Asker, search: QueryWord = None, language: QueryWord = None
) -> wire.Templates:
    """Approved templates by name, with the fields to fill in. `search` looks into names and texts."""
    async with services.pool.acquire() as connection:
        inbox = await _inbox(connection, services, viewer, conversation_id)
        account = rules.account_of(inbox) if inbox else None
        found = await templates.approved(connection, account, search or "") if account else []
        synced_at = await templates.synced_at(connection, account) if account else None
    told = [
        _told(each, form)
        for each in found
        if inbox and takes_template(inbox.channel, each.category) and (form := rules.form(each)) is not None
    ]
    return wire.Templates(
        templates=[each for each in told if language in (None, "", each.language)],
        languages=sorted({each.language for each in told}), synced_at=synced_at, available=account is not None,
    )  # fmt: skip


@post("/api/conversations/{conversation_id:int}/templates/refresh", status_code=200)
async def refresh_templates(
    conversation_id: PathId, data: JSONBody[Command], services: Ours, viewer: Asker
) -> wire.TemplatesAsked:
    """Has the list read anew at Meta."""
    await actions.refresh(services, viewer, conversation_id)
    async with services.pool.acquire() as connection:
        inbox = await _inbox(connection, services, viewer, conversation_id)
        account = rules.account_of(inbox) if inbox else None
        return wire.TemplatesAsked(synced_at=await templates.synced_at(connection, account) if account else None)


async def _inbox(connection: Connection, services: Services, viewer: Viewer, conversation_id: int) -> Inbox | None:
    if not await views.readable(connection, viewer, conversation_id):
        raise NotFound("This conversation does not exist.")
    row = (await views.summaries(connection, [conversation_id]))[conversation_id]
    return services.organisation().inboxes.get(row.inbox_id)


def _told(stored: Stored, form: Form) -> wire.Template:
    return wire.Template(
        name=stored.name, language=stored.language, category=stored.category, quality=stored.quality,
        header=_part(form.header) if form.header else None, body=form.body, footer=form.footer,
        buttons=[_part(each) for each in form.buttons],
        fields=[msgspec.convert(each, wire.TemplateField, from_attributes=True) for each in form.fields],
    )  # fmt: skip


def _part(part: Part) -> wire.TemplatePart:
    return wire.TemplatePart(type=part.type, text=part.text, url=part.url or None)
