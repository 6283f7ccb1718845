"""The demo's people, and names for those a script or a visitor adds."""

import re
import tomllib
import unicodedata
from typing import Annotated, Any, Literal

import msgspec

from server.simulator.assets import ASSETS
from server.simulator.customers import Customer
from server.simulator.identifiers import derived_digits
from server.simulator.switches import Dice


class Names(msgspec.Struct, frozen=True):
    first: tuple[str, ...]
    last: tuple[str, ...]
    countries: tuple[tuple[str, str], ...]


class Cast(msgspec.Struct, frozen=True):
    people: tuple[Customer, ...]
    names: dict[str, Names]


def load() -> Cast:
    return msgspec.convert(tomllib.loads((ASSETS / "cast.toml").read_text(encoding="utf-8")), Cast)


def passer_by(cast: Cast, dice: Dice, language: str, number: int) -> Customer:
    """Somebody new for a script. One in four shows no phone number."""
    names, pick = cast.names[language], dice.random.choice
    country, prefix = pick(names.countries)
    tail = f"{dice.random.randrange(10**6):06}"
    return Customer(
        id=f"guest-{number}-{dice.random.getrandbits(32):08x}",
        name=f"{pick(names.first)} {pick(names.last)}",
        language=language,
        country=country,
        phone=f"{prefix}{tail}",
        username=f"guest.{tail}",
        hides_phone=dice.random.random() < 0.25,
        scripted=True,
    )


def created(wanted: dict[str, Any]) -> Customer:
    """Somebody a visitor or a test describes. Raises `msgspec.ValidationError`."""
    customer = msgspec.convert(wanted, Described)
    slug = slugged(customer.name)
    phone = re.sub(r"\D", "", customer.phone)
    return Customer(
        id=customer.id or slug or f"customer-{derived_digits(customer.name, length=6)}",
        name=customer.name.strip(),
        language=customer.language,
        country=customer.country,
        phone=phone or f"1555{derived_digits(customer.id or customer.name, length=7)}",
        username=customer.username or slug.replace("-", "."),
        hides_phone=customer.hides_phone,
    )


def slugged(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


class Described(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    name: Annotated[str, msgspec.Meta(min_length=1, max_length=80)]
    id: Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9._-]{0,80}$")] = ""
    language: Literal["en", "ar"] = "en"
    country: Annotated[str, msgspec.Meta(pattern=r"^[A-Z]{2}$")] = "US"
    phone: str = ""
    username: str = ""
    hides_phone: bool = False
