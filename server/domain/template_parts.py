"""What a filled template is made of: for Meta its components, for people its preview."""

import msgspec


class Place(msgspec.Struct, frozen=True, omit_defaults=True):
    latitude: float
    longitude: float
    name: str = ""
    address: str = ""


class Parameter(msgspec.Struct, frozen=True, omit_defaults=True):
    """What fills one variable of a template. `type` is Meta's word; `name` only where variables have names."""

    type: str
    text: str = ""
    name: str = ""
    attachment_id: int | None = None
    # The provider's id of the attachment, and the document's name: put in just before the call.
    media_id: str | None = None
    file_name: str = ""
    place: Place | None = None


class Component(msgspec.Struct, frozen=True, omit_defaults=True):
    """`type`: header, body or button; of a button also which, by its index, and what it does."""

    type: str
    parameters: tuple[Parameter, ...]
    sub_type: str = ""
    index: int | None = None


class PreviewPart(msgspec.Struct, frozen=True, omit_defaults=True):
    """`type`: of a header its format, of a button what it does."""

    type: str
    text: str = ""
    url: str = ""


class Preview(msgspec.Struct, frozen=True, omit_defaults=True):
    """A template as the customer sees it, its variables filled."""

    body: str
    header: PreviewPart | None = None
    footer: str = ""
    buttons: tuple[PreviewPart, ...] = ()
