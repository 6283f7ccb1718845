"""The limits of cards out of an address book."""

import re
from collections.abc import Iterator

from server.domain.channel_limits import ChannelLimits, ContactsLimits
from server.domain.errors import Invalid
from server.domain.limit_words import line, too_many
from server.domain.outgoing import Contacts, Person

# As people write them: 3 to 15 digits (E.164; short numbers too) with what groups them.
_PHONE = re.compile(r"\+?[0-9 ().\-/]{3,40}")
_DIGITS_LEAST, _DIGITS_MOST = 3, 15
_EMAIL = re.compile(r"[^\s@]+@[^\s@]+")
# WORK, HOME, CELL and the like.
_TYPE = re.compile(r"[A-Za-z0-9 _-]{0,24}")


def contacts(channel: ChannelLimits, outgoing: Contacts) -> Iterator[Invalid]:
    limits = channel.contacts
    if limits is None:
        return
    if not 1 <= len(outgoing.contacts) <= limits.contacts_max:
        yield too_many("contact", "contacts", len(outgoing.contacts), limits.contacts_max)
    for place, person in enumerate(outgoing.contacts):
        yield from _person(limits, person, f"contacts[{place}]")


def _person(limits: ContactsLimits, person: Person, at: str) -> Iterator[Invalid]:
    yield from line("contact_name", f"{at}.name", person.name, limits.name_max)
    yield from line("organisation", f"{at}.organisation", person.organisation, limits.organisation_max,
                     compulsory=False)  # fmt: skip
    if len(person.phones) > limits.phones_max:
        yield too_many("phone", f"{at}.phones", len(person.phones), limits.phones_max)
    for index, phone in enumerate(person.phones):
        if not _is_phone(phone.number):
            yield Invalid("A phone number has {least} to {most} digits (0-9), best after a + and the country's code.",
                          field=f"{at}.phones[{index}].number",
                          values={"least": _DIGITS_LEAST, "most": _DIGITS_MOST})  # fmt: skip
        if not _TYPE.fullmatch(phone.type):
            yield Invalid("The kind of a phone number is a word such as CELL or WORK.",
                          field=f"{at}.phones[{index}].type")  # fmt: skip
    if len(person.emails) > limits.emails_max:
        yield too_many("email_count", f"{at}.emails", len(person.emails), limits.emails_max)
    for index, email in enumerate(person.emails):
        if len(email) > limits.email_max:
            yield from line("email", f"{at}.emails[{index}]", email, limits.email_max)
        elif not _EMAIL.fullmatch(email):
            yield Invalid("Write a whole email address.", field=f"{at}.emails[{index}]")


def _is_phone(number: str) -> bool:
    digits = sum(letter.isdecimal() for letter in number)
    return _PHONE.fullmatch(number) is not None and _DIGITS_LEAST <= digits <= _DIGITS_MOST
