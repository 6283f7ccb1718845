"""Files on their way out: an upload becomes part of a message, and at the call the provider's name for it is put in."""

from msgspec.structs import replace

from server.actions.media_links import Links
from server.actions.unit import Services, Topic, Unit
from server.domain import media_limits
from server.domain.access import Viewer
from server.domain.conversation import Conversation
from server.domain.errors import Invalid, NotFound
from server.domain.failure_codes import NO_FILE
from server.domain.inbound import Failure
from server.domain.media import AttachmentKind
from server.domain.model import Channel
from server.domain.outgoing import Audio, Media, Outgoing, Template, attachment_ids, kind_of
from server.domain.template_parts import Parameter
from server.store import uploads
from server.store.uploads import Sendable, Unsent


class NotUploaded(Exception):
    """Meta did not take the file: the message that carries it cannot go."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.title)
        self.failure = failure


async def found(work: Unit, viewer: Viewer, conversation: Conversation, outgoing: Outgoing) -> Outgoing:
    """The message with its files' own names, the files locked and fit for the channel.

    Raises `NotFound` for what is not this person's unsent upload for this conversation, `Invalid`, `TooLarge`.
    """
    channel = work.organisation.inboxes[conversation.inbox_id].channel
    if isinstance(outgoing, Media):
        file = await _unsent(work, viewer, conversation, outgoing.attachment_id)
        _check(channel, kind_of(outgoing), file)
        if isinstance(outgoing, Audio):
            # A voice message is one that was made so.
            return replace(outgoing, voice=file.voice, name="")
        return replace(outgoing, voice=False, name=outgoing.name or file.name or "")
    if isinstance(outgoing, Template):
        for component in outgoing.components:
            for parameter in component.parameters:
                if parameter.attachment_id is not None:
                    file = await _unsent(work, viewer, conversation, parameter.attachment_id)
                    _check(channel, parameter.type, file)
    return outgoing


async def attach(work: Unit, channel: Channel, message_id: int, outgoing: Outgoing) -> None:
    """Makes the files part of the message; it waits in the outbox until Meta has them, where Meta wants them first."""
    for attachment_id in attachment_ids(outgoing):
        first = media_limits.brought_first(channel) or isinstance(outgoing, Template)
        await uploads.attach(work.connection, attachment_id, message_id, brought_first=first)
        work.wake(Topic.MEDIA)


async def prepare(services: Services, outgoing: Outgoing, links: Links | None = None) -> Outgoing:
    """The message as the call needs it: files by the provider's ids, else by an address of ours.

    Raises `NotUploaded`.
    """
    ids = attachment_ids(outgoing)
    if not ids:
        return outgoing
    async with services.pool.acquire() as connection:
        files = await uploads.sendable(connection, ids)
    for attachment_id in ids:
        if attachment_id not in files:
            raise NotUploaded(Failure(code=NO_FILE, title="The file is gone"))
        if (failure := files[attachment_id].failure) is not None:
            raise NotUploaded(failure)
    if isinstance(outgoing, Template):
        return _filled(outgoing, files)
    assert isinstance(outgoing, Media)  # noqa: S101
    file = files[outgoing.attachment_id]
    if file.provider_media_id is not None:
        return replace(outgoing, media_id=file.provider_media_id)
    return replace(outgoing, address=links.address(file.id) if links else None)


async def bring_again(services: Services, message_id: int) -> None:
    """Has the files of a message brought to Meta once more."""
    async with services.pool.acquire() as connection:
        await uploads.upload_again(connection, message_id)
    services.waker.wake(Topic.MEDIA)


async def _unsent(work: Unit, viewer: Viewer, conversation: Conversation, attachment_id: int) -> Unsent:
    file = await uploads.unsent(work.connection, attachment_id, conversation_id=conversation.id, user_id=viewer.user_id)
    if file is None:
        raise NotFound("This file is not here.")
    return file


def _check(channel: Channel, kind: str, file: Unsent) -> None:
    if file.kind.value != kind:
        raise Invalid("This file was uploaded to be sent in another way.", field="attachment_id")
    media_limits.check(channel, AttachmentKind(kind), file.mime_type, file.size, animated=file.animated)


def _filled(template: Template, files: dict[int, Sendable]) -> Template:
    def with_file(parameter: Parameter) -> Parameter:
        if parameter.attachment_id is None:
            return parameter
        file = files[parameter.attachment_id]
        name = (file.name or "") if parameter.type == "document" else ""
        return replace(parameter, media_id=file.provider_media_id, file_name=name)

    return replace(template, components=tuple(
        replace(component, parameters=tuple(with_file(each) for each in component.parameters))
        for component in template.components
    ))  # fmt: skip
