"""Which of a message's files is of which thing that was shared: the body says its place."""

from understood import payload

from server.channels import envelope
from server.domain.inbound import MessageItem


def test_each_shared_thing_names_its_own_file() -> None:
    shared, answered, without = (
        each for each in envelope.read(payload("instagram_things_beside_files")) if isinstance(each, MessageItem)
    )
    assert [each.kind for each in shared.attachments] == ["undeclared", "image", "undeclared"]
    body = shared.body
    assert shared.attachments[body["post"]["file"]].url == body["post"]["url"]
    nowhere, film = body["others"]
    assert "file" not in nowhere
    assert shared.attachments[film["file"]].url == film["url"]
    # What the customer sent comes before the story of ours it answers.
    assert [each.kind for each in answered.attachments] == ["image", "undeclared"]
    assert answered.attachments[answered.body["story"]["file"]].url == answered.body["story"]["url"]
    assert without.attachments == ()
    assert "file" not in without.body["story"]
