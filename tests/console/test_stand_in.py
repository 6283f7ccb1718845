"""The stand-in speaks as the server does: its answers are the server's own structs."""

import msgspec
from console import stand_in_scenes as scenes
from console.stand_in_templates import templates
from console.stand_in_world import World

from server.web import wire


async def test_the_stand_in_answers_in_the_servers_shapes() -> None:
    world = World()
    now = world.now()
    world.hold(*scenes.many(now, 5), scenes.rich(now), scenes.long_words(now), scenes.closed(now))
    world.hold(*scenes.every_kind(now))
    await world.make_offer(scenes.offer(now))
    await world.customer_writes(1, "Hello")
    _strictly(world.inbox(), wire.Inbox)
    for number in world.threads:
        _strictly(world.opened(number), wire.Thread)
    for push in world.feed:
        _strictly(push, wire.Push)


async def test_its_templates_are_the_servers_too() -> None:
    _strictly(templates(World().now()), wire.Templates)


def _strictly(answer: object, shape: type[msgspec.Struct]) -> None:
    """Every field known to the struct, every field of the struct there."""
    made = msgspec.convert(answer, shape)
    assert set(msgspec.to_builtins(made)) <= set(answer) | {"data"}  # type: ignore[call-overload]
