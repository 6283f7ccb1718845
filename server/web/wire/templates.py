"""Message templates as the picker shows them."""

from datetime import datetime

from server.web.wire.base import Struct


class TemplatePart(Struct, frozen=True, kw_only=True):
    """A header by its format, a button by what it does."""

    type: str
    text: str
    url: str | None


class TemplateField(Struct, frozen=True, kw_only=True):
    """One thing to fill in; `placeholder` is where it stands in the texts, for a preview while one types."""

    key: str
    component: str
    type: str
    label: str
    placeholder: str | None
    example: str
    max: int | None
    required: bool
    button: int | None


class Template(Struct, frozen=True, kw_only=True):
    name: str
    language: str
    category: str
    quality: str
    header: TemplatePart | None
    body: str
    footer: str
    buttons: list[TemplatePart]
    fields: list[TemplateField]


class Templates(Struct, frozen=True, kw_only=True):
    """Approved ones that can be filled here. `available`: the channel has templates at all."""

    templates: list[Template]
    languages: list[str]
    synced_at: datetime | None
    available: bool


class TemplatesAsked(Struct, frozen=True, kw_only=True):
    """The list is being read anew; `synced_at` moves when it was."""

    synced_at: datetime | None
