"""What Meta charges for, month by month."""

from litestar import get

from server.actions import costs
from server.actions.costs import InboxMonth
from server.domain.costs import FREE_SERVICE_MESSAGES
from server.web import wire
from server.web.parameters import Asker, Ours, QueryWord
from server.web.present import Presenter
from server.web.snapshots import presenter


@get("/api/costs")
async def month_costs(services: Ours, viewer: Asker, month: QueryWord = None) -> wire.Costs:
    """Delivered messages of each number by category, with the free service messages used. `month` is YYYY-MM."""
    named, found = await costs.of_month(services, viewer, month)
    speak = presenter(services, viewer)
    inboxes = [_told(each, speak) for each in found]
    return wire.Costs(
        month=named, delivered=sum(each.delivered for each in inboxes), charged=sum(each.charged for each in inboxes),
        inboxes=inboxes,
    )  # fmt: skip


def _told(each: InboxMonth, speak: Presenter) -> wire.InboxCosts:
    month = each.month
    return wire.InboxCosts(
        inbox=each.inbox.id, inbox_name=speak.inbox_name(each.inbox.id), sector=each.sector.id,
        sector_name=speak.sector(each.sector.id).name, channel=each.inbox.channel, time_zone=each.sector.time_zone,
        delivered=month.delivered, charged=month.charged,
        free=wire.FreeMessages(allowance=FREE_SERVICE_MESSAGES, used=month.free_used, left=month.free_left),
        lines=[
            wire.CostLine(category=line.category, type=line.type, charged=line.charged, count=line.count)
            for line in month.lines
        ],
    )  # fmt: skip
