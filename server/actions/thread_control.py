"""Another app of the page holds the chat: when a person of ours answers, we take it, or ask for it (facts §6, §8.2).

A bot never does: whoever took the chat over may be a person at Meta's own inbox.
"""

import asyncio
import contextlib

from server.actions.tokens import Access
from server.channels.graph import GraphClient, Outcome, Refused
from server.domain import failure_codes
from server.domain.inbound import Address
from server.domain.model import Purpose
from server.domain.organisation import Inbox

_TAKE, _ASK = "take_thread_control", "request_thread_control"
# The message waits for them.
_CALLS_SECONDS = 5.0


def is_elsewhere(inbox: Inbox, purpose: Purpose, outcome: Outcome) -> bool:
    """Whether Meta refused a person's message because the chat is another app's."""
    if not isinstance(outcome, Refused) or purpose is not Purpose.REPLY:
        return False
    return failure_codes.is_elsewhere(inbox.channel, outcome.failure)


async def take(graph: GraphClient, inbox: Inbox, access: Access, recipient: Address) -> bool:
    """Whether the chat is ours now. Where it may not be taken it is asked for: the other app decides."""
    payload = {"recipient": {"id": recipient.value}}
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_CALLS_SECONDS):
            taken = await graph.control(inbox, access.token, _TAKE, payload, app_secret=access.app_secret)
            if taken.good:
                return True
            await graph.control(inbox, access.token, _ASK, payload, app_secret=access.app_secret)
    return False
