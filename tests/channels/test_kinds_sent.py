"""Every kind of the catalogue becomes a wire form wherever Meta lets us send it, and is refused elsewhere."""

import pytest
from kind_samples import SAID, id_of, outbound_pairs, sends

from server.channels import instagram, messenger, whatsapp
from server.domain import kinds
from server.domain.errors import Invalid
from server.domain.inbound import Address
from server.domain.model import Channel, IdentityKind

TO = {
    Channel.WHATSAPP: (whatsapp.render, Address(IdentityKind.PHONE, "15550001111")),
    Channel.MESSENGER: (messenger.render, Address(IdentityKind.PAGE_USER, "7001")),
    Channel.INSTAGRAM: (instagram.render, Address(IdentityKind.INSTAGRAM_USER, "8001")),
}
NOT_THERE = [(channel, word) for word in SAID for channel in Channel if channel not in kinds.CATALOGUE[word].outbound]


@pytest.mark.parametrize("pair", outbound_pairs(), ids=id_of)
def test_kind_is_rendered(pair: tuple[Channel, str]) -> None:
    channel, kind = pair
    render, recipient = TO[channel]
    body = render(SAID[kind], recipient, "out-42")
    if channel is Channel.WHATSAPP:
        assert body["type"] in body
    else:
        assert body["recipient"] == {"id": recipient.value}
        assert body.get("message") or body["sender_action"] == "react"


@pytest.mark.parametrize("pair", NOT_THERE, ids=id_of)
def test_kind_a_channel_does_not_have_is_refused(pair: tuple[Channel, str]) -> None:
    channel, kind = pair
    render, recipient = TO[channel]
    with pytest.raises(Invalid):
        render(SAID[kind], recipient, "out-42")


def test_the_catalogue_and_the_limits_agree() -> None:
    for channel in Channel:
        ours = {word for each, word in outbound_pairs() if each is channel}
        assert ours - {"reaction"} == set(sends(channel)) - {"reaction"}
