"""What we ask Meta for is read when it comes, and what operators have to tick is written down."""

from pathlib import Path

import pytest

from server.channels import instagram, messenger, whatsapp
from server.channels.fields import Json
from server.channels.subscribed_fields import INSTAGRAM, INSTAGRAM_BY_PAGE, MESSENGER, WHATSAPP
from server.domain.inbound import Rejected
from server.domain.quarantine import Reason

GUIDE = Path(__file__).parents[2] / "docs" / "operator-guide.md"
READERS = {
    **{("whatsapp", each): whatsapp.read_entry for each in WHATSAPP},
    **{("messenger", each): messenger.read_entry for each in MESSENGER},
    **{("instagram", each): instagram.read_entry for each in INSTAGRAM},
}


@pytest.mark.parametrize(("channel", "field"), READERS)
def test_every_field_we_subscribe_to_is_known_when_it_comes(channel: str, field: str) -> None:
    entry: Json = {"id": "500", "time": 1_790_000_000_000, "changes": [{"field": field, "value": {}}]}
    for item in READERS[channel, field](entry, "entry[0]"):
        assert not (isinstance(item, Rejected) and item.reason is Reason.UNKNOWN_FIELD)


def test_the_operator_guide_names_every_field_to_tick() -> None:
    guide = GUIDE.read_text(encoding="utf-8")
    assert [each for each in {*WHATSAPP, *MESSENGER, *INSTAGRAM_BY_PAGE} if f"`{each}`" not in guide] == []
