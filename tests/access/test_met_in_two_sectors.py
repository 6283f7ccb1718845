"""A contact whom two sectors know is in each only who they are there, and whole to those who have both."""

import msgspec
from factories import make_conversation, make_customer, make_viewer
from live_server import LiveServer

from server.domain.model import Channel, ConversationState, Role


async def test_a_contact_met_in_two_sectors_is_known_in_each_only_as_met_there(server: LiveServer) -> None:
    pool = server.pool
    omar = await make_customer(pool, "Omar the investor", value="201000000001")
    await pool.execute(
        "insert into identity (contact_id, kind, scope, value, name, username)"
        " values ($1, 'instagram_user', (select external_id from inbox where id = 'hospitality-instagram'),"
        " '998877', 'omar at the beach', 'omar.secret')",
        omar.contact_id,
    )
    beach = msgspec.structs.replace(
        omar, identity_id=await pool.fetchval("select id from identity where value = '998877'")
    )
    investment = await make_conversation(pool, customer=omar)
    await make_conversation(
        pool, sector="hospitality", channel=Channel.INSTAGRAM, customer=beach, state=ConversationState.BOT,
        text="a table for two",
    )  # fmt: skip
    nadia = await make_viewer(pool, "Nadia Hosny", role=Role.SUPERVISOR)
    both = await make_viewer(pool, "Amr Zaki", role=Role.SUPERVISOR, sectors=("financial", "hospitality"))
    async with server.console(nadia) as console:
        thread = await console.get(f"/api/conversations/{investment.id}")
        assert thread["conversation"]["contact"]["name"] == "Omar the investor"
        assert thread["context"]["identities"] == [{"kind": "phone", "label": "+201000000001", "picture": None}]
        assert thread["context"]["earlier"] == []
    async with server.console(both) as console:
        thread = await console.get(f"/api/conversations/{investment.id}")
        assert [each["label"] for each in thread["context"]["identities"]] == ["+201000000001", "@omar.secret"]
        assert [each["sector"] for each in thread["context"]["earlier"]] == ["hospitality"]
