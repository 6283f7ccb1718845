"""The values a place in a struct may take, for messages about one that it may not."""

from collections.abc import Iterator

from msgspec import inspect


def choices(to: object, path: tuple[str | int, ...]) -> list[str]:
    """Of the enumeration at the path; empty where there is none. A map's key or a list's index may be any."""
    kinds = [inspect.type_info(to)]
    for part in path:
        kinds = [each for kind in kinds for each in _below(kind, part)]
    return [str(each) for kind in kinds for member in _members(kind) for each in _values(member)]


def _below(kind: inspect.Type, part: str | int) -> Iterator[inspect.Type]:
    for each in _members(kind):
        if isinstance(each, inspect.StructType):
            yield from (field.type for field in each.fields if field.encode_name == part)
        elif isinstance(each, inspect.DictType):
            # Where the key itself is wrong, the validator names it by the same path.
            yield each.value_type
            yield each.key_type
        elif isinstance(each, inspect.ListType | inspect.VarTupleType | inspect.SetType | inspect.FrozenSetType):
            yield each.item_type


def _members(kind: inspect.Type) -> tuple[inspect.Type, ...]:
    return kind.types if isinstance(kind, inspect.UnionType) else (kind,)


def _values(kind: inspect.Type) -> list[object]:
    if isinstance(kind, inspect.EnumType):
        return [each.value for each in kind.cls]
    return list(kind.values) if isinstance(kind, inspect.LiteralType) else []
