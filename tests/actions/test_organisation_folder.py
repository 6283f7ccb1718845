"""The organisation folder: read whole, and every fault named with its file and line."""

import shutil
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from server.actions.organisation_folder import read
from server.actions.toml_lines import locate
from server.domain import flow_check, limits
from server.domain.errors import OrganisationError
from server.domain.flow_document import parse
from server.domain.model import Channel, Priority, Role
from server.domain.outgoing import Text
from server.paths import DEMO_ORGANISATION

FILES = ["org.toml", "flows/hospitality.toml", "flows/education.toml"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DEMO_ORGANISATION, tmp_path / "organisation"))


def line_of(folder: Path, text: str, file: str = "org.toml") -> int:
    lines = (folder / file).read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if text in line)


def rewrite(folder: Path, old: str, new: str, file: str = "org.toml") -> None:
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def refused(folder: Path) -> list[str]:
    with pytest.raises(OrganisationError) as error:
        read(folder)
    return error.value.detail.splitlines()


def test_the_demo_is_what_the_issue_asks_for() -> None:
    organisation = read(DEMO_ORGANISATION)
    for sector in ("hospitality", "education", "financial"):
        assert {each.channel for each in organisation.inboxes.values() if each.sector == sector} == set(Channel)
    assert [sector.bots for sector in organisation.sectors.values()] == [True, True, False]
    roles = [user.role for user in organisation.users.values()]
    assert [roles.count(role) for role in Role] == [6, 2, 1, 1]
    assert date(2027, 1, 7) in organisation.calendars["school-office"].holidays
    assert {rule.priority for rule in organisation.sectors["financial"].priority_rules} == {
        Priority.URGENT, Priority.HIGH, Priority.LOW,
    }  # fmt: skip
    assert set(organisation.apps) == {"default"}
    assert organisation.users["nadia.rashid@example.com"].capacity == 0


# Each change puts the mark on the line that must be named.
MARK = "# here"


def check(folder: Path, file: str, old: str, new: str, what: str) -> None:
    assert MARK in new
    rewrite(folder, old, new, file)
    expected = f"{file}:{line_of(folder, MARK, file)}: "
    problems = refused(folder)
    assert any(each.startswith(expected) and what in each for each in problems), problems


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("offer_seconds = 30", "offer_secnds = 30 # here", "queues.financial.offer_secnds: is not a key that"),
        ("[queues.financial]", "[queus.financial] # here", "queus: is not a key that is known here"),
        ('queue = "portfolios"', 'queue = "portfolio" # here', "there is no queue 'portfolio'"),
        ('queue = "portfolios"', 'queue = "education" # here', "is the queue of another sector, 'education'"),
        ('calendar = "cafe"\n\n', 'calendar = "caff" # here\n\n', "there is no calendar 'caff'"),
        ('calendar = "cafe"\nsla', 'calendar = "caff" # here\nsla', "there is no calendar 'caff'"),
        ('sla_policy = "cafe"', 'sla_policy = "bar" # here', "there is no SLA policy 'bar'"),
        ('flow = "education"', 'flow = "school" # here', "flows/school.toml is missing"),
        ('bots = false', 'bots = false\nflow = "education" # here', "cannot be used where bots = false"),
        ('"Africa/Cairo"\nholidays', '"Africa/Kairo" # here\nholidays', "is not a time zone"),
        ('skills = ["portfolio"]', 'skills = ["porfolio"] # here', "there is no skill 'porfolio'"),
        ('channel = "messenger"', 'channel = "telegram" # here',
         "invalid enum value 'telegram': must be whatsapp, messenger or instagram"),
        ('role = "owner"', 'role = "boss" # here',
         "invalid enum value 'boss': must be advisor, supervisor, administrator or owner"),
        ('sector = "financial"\nnames', 'sector = "bank" # here\nnames', "there is no sector 'bank'"),
        ('sectors = ["financial"]', 'sectors = ["finance"] # here', "there is no sector 'finance'"),
        ('sectors = ["financial"]', 'sectors = [] # here', "is empty: this person could see nothing"),
        ("resolution = { seconds = 3600 }", "resolution = { secs = 3600 } # here",
         "targets.urgent.resolution.secs: is not a key"),
        ("resolution = { seconds = 3600 }", "resolution = { seconds = 0 } # here", "must be more than 0 seconds"),
        ("seconds = 120, warn_at_share = 0.5 }", "seconds = 120, warn_at_share = 5 } # here", "between 0 and 1"),
        ('external_id = "17841400000000301"', 'external_id = "17841400000000201" # here',
         "is the account of the inbox 'education-instagram' already"),
        ('monday = "07:00-01:00"', 'monday = "7-1" # here', "must read like '08:00-18:00'"),
        ('[inboxes.education-messenger]\nsector = "education"\nchannel = "messenger"',
         '[inboxes.education-messenger] # here\nsector = "education"\nchannel = "whatsapp"',
         "lacks the key 'account_id'"),
        ('page_id = "109870000000302"', 'page_id = "109870000000102" # here',
         "is the page of the inbox 'hospitality-instagram' already"),
        ('page_id = "109870000000302"', 'page_id = "17841400000000301" # here', "is the Instagram account's own id"),
        ('api = "instagram"', 'api = "instagram"\npage_id = "109870000000202" # here',
         "means nothing with api = 'instagram'"),
        ('display = "Investment Services"', 'display = "Investment Services"\npage_id = "1" # here',
         "belongs to Instagram inboxes only"),
        ('api = "instagram"', 'api = "insta" # here', "must be 'facebook' or 'instagram'"),
        ('secret = "env:META_APP_SECRET"', 'secret = "hunter2" # here', "must be a reference"),
        ('secret = "env:META_APP_SECRET"', 'secret = "file:/run/secrets/app" # here', "must be a reference"),
        ('names = { en = "Arabic", ar = "العربية" }', 'names = { en = "Arabic" } # here', "lacks the language 'ar'"),
        ('ar = "العربية" }', 'ar = "العربية", fr = "arabe" } # here', "is not a language"),
        ("capacity = 3", 'capacity = "3" # here', "expected `int`, got `str`"),
        ("capacity = 3", "capacity = 300 # here", "must be between 0 and 100"),
        ('role = "owner"', 'role = "owner"\ncapacity = 2 # here', "means nothing for the role 'owner'"),
        ('language = "ar"', 'language = "fr" # here', "must be one of en, ar"),
        ('name = "Clara Mendes"', 'name = " " # here', "is empty"),
        ('[users."omar.farouk@example.com"]', '[users."Omar Farouk"] # here', "must be an email address"),
        ('en = """\nOur desk', 'en = """# here {closes}\nOur desk', "may fill in {opens} and nothing else"),
        ('en = """\nOur desk', f'en = """# here {"م" * 500}\nOur desk', "bytes"),
        ("offer_seconds = 30", "offer_seconds = 3 # here", "must be between 5 and 600"),
        ("low = 0 }", "low = -1 } # here", "cannot be negative"),
        ('[[sectors.financial.priority_rules]]\npriority = "high"\nlabels = ["vip"]\n',
         '[[sectors.financial.priority_rules]] # here\npriority = "high"\n', "has no condition"),
        ('name = "Sophie Bennett"', 'name = "Sophie Bennett"\nemail = "s@example.com" # here', "its email"),
    ],
)  # fmt: skip
def test_org_toml_is_refused_at_its_line(folder: Path, old: str, new: str, what: str) -> None:
    check(folder, "org.toml", old, new, what)


def test_an_instagram_inbox_by_facebook_login_names_its_page(folder: Path) -> None:
    rewrite(folder, 'page_id = "109870000000302"\n', "")
    rewrite(folder, "[inboxes.financial-instagram]", f"[inboxes.financial-instagram] {MARK}")
    [problem] = refused(folder)
    assert problem.startswith(f"org.toml:{line_of(folder, MARK)}: ")
    assert "lacks the key 'page_id': the Facebook page that sends for it" in problem


def test_a_sector_without_bots_acknowledges_and_one_with_bots_has_a_flow(folder: Path) -> None:
    rewrite(folder, "[sectors.financial.acknowledgement]", "[sectors.financial.out_of_hours]")
    rewrite(
        folder, '[sectors.financial.out_of_hours]\nen = """\nOur', '[sectors.education.acknowledgement]\nen = """\nOur'
    )
    rewrite(folder, 'flow = "hospitality"\n', "")
    problems = "\n".join(refused(folder))
    assert "sectors.financial: lacks the key 'acknowledgement'" in problems
    assert "sectors.hospitality: has bots but no flow" in problems


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ('next = "menu"', 'next = "men" # here', "steps.welcome.next: there is no step 'men'"),
        ('{ en = "Find us", ar = "موقعنا" }', '{ en = "Find us", ar = "موقعنا", fr = "Où" } # here',
         "is not a language"),
        ('{ en = "Find us", ar = "موقعنا" }', '{ en = "Where we are on the map", ar = "موقعنا" } # here',
         "messenger: The title of a button has 23 characters; the most is 20."),
        ('do = "choose"', 'do = "chose" # here', "invalid value 'chose'"),
        ('go = "location"', 'goes = "location" # here', "steps.menu.options.2.goes: is not a key"),
        ('[steps.party]\ndo = "ask"\nsave = "party"', '[steps.party] # here\ndo = "ask"', "lacks the key 'save'"),
        ('en = """\nWe open', f'en = """# here {"م" * 500}\nWe open', "instagram: The text has"),
        ('{ en = "See the options", ar = "عرض الخيارات" }', '{ en = "See the options" } # here',
         "lacks the language 'ar'"),
        ('menu = "menu"', 'menu = "hours" # here', "must be of the kind"),
        ('hand_off = "person"', 'handoff = "person" # here', "handoff: is not a key"),
    ],
)  # fmt: skip
def test_a_flow_is_refused_at_its_line(folder: Path, old: str, new: str, what: str) -> None:
    check(folder, "flows/hospitality.toml", old, new, what)


def test_every_text_of_the_demo_fits_every_channel() -> None:
    organisation = read(DEMO_ORGANISATION)
    for document in organisation.flows.values():
        assert list(flow_check.problems(parse(document), set(Channel))) == []
    financial = organisation.sectors["financial"]
    for text in (*financial.acknowledgement.values(), *financial.out_of_hours.values()):
        for channel in Channel:
            assert limits.problems(Text(text), channel) == []


def test_what_is_declared_twice_is_named(folder: Path) -> None:
    with (folder / "org.toml").open("a", encoding="utf-8") as file:
        file.write('\n[queues.financial]\nsector = "financial"\n')
    (problem,) = refused(folder)
    assert problem.startswith(f"org.toml:{line_of(folder, 'salma') + 5}: cannot declare ('queues', 'financial') twice")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("names = { en = ", "org.toml:1: "),
        ('names = "Havana', "org.toml:1: "),
        ("queues = 3", "org.toml:1: queues: must hold tables"),
        ("[queues]\na = 1", "org.toml:2: queues.a: must be a table"),
        ("sectors.x = 1", "org.toml:1: sectors.x: must be a table"),
    ],
)
def test_broken_text_is_named(tmp_path: Path, text: str, expected: str) -> None:
    (tmp_path / "org.toml").write_text(text, encoding="utf-8")
    assert any(each.startswith(expected) for each in refused(tmp_path))


def test_a_missing_or_unreadable_file_is_named(tmp_path: Path) -> None:
    assert refused(tmp_path) == [f"{tmp_path} holds no org.toml."]
    (tmp_path / "org.toml").write_bytes(b'names = "\xff"')
    assert refused(tmp_path) == ["org.toml:1: is not UTF-8 text"]


def test_many_faults_are_cut_with_their_number(folder: Path) -> None:
    rewrite(folder, 'start = "welcome"', 'start = "welcome"\n' + "\n".join(f"k{n} = 1" for n in range(3)),
            "flows/hospitality.toml")  # fmt: skip
    text = "\n".join(f"key{number} = 1" for number in range(40))
    (folder / "org.toml").write_text(f"{text}\n", encoding="utf-8")
    problems = refused(folder)
    assert len(problems) == 31
    assert problems[-1].startswith("and ")


@pytest.mark.parametrize("file", FILES)
def test_every_key_of_the_demo_has_the_line_it_stands_in(file: str) -> None:
    text = (DEMO_ORGANISATION / file).read_text(encoding="utf-8")
    lines, places = text.splitlines(), locate(text)
    for path in _paths(tomllib.loads(text), ()):
        assert path in places
        if isinstance(path[-1], str):
            assert path[-1] in lines[places[path] - 1]


def test_lines_of_every_way_to_write_toml() -> None:
    text = '''\
a.b = 1 # c = 2
"q\\u00e9" = 'x # y'
list = [
    1.5, # one
    { k = [2,
        3] },
    """
text = 1
""",
]
when = 2026-01-01 10:00:00
[t."x.y"]
z = """a \\""" b"""
[[t."x.y".rows]]
n = 1
[[t."x.y".rows]]
n = \'\'\'
two\'\'\'
[t."x.y".rows.sub]
m = { n.o = 2 }
'''
    places = locate(text)
    assert set(_paths(tomllib.loads(text), ())) == set(places)
    expected = {
        ("a", "b"): 1, ("qé",): 2, ("list",): 3, ("list", 0): 4, ("list", 1, "k"): 5, ("list", 1, "k", 1): 6,
        ("list", 2): 7, ("when",): 11, ("t", "x.y"): 12, ("t", "x.y", "z"): 13, ("t", "x.y", "rows", 0): 14,
        ("t", "x.y", "rows", 1): 16, ("t", "x.y", "rows", 1, "n"): 17, ("t", "x.y", "rows", 1, "sub"): 19,
        ("t", "x.y", "rows", 1, "sub", "m", "n", "o"): 20,
    }  # fmt: skip
    assert {path: places[path] for path in expected} == expected


def _paths(value: Any, path: tuple[str | int, ...]) -> list[tuple[str | int, ...]]:
    items: Any = ()
    if isinstance(value, dict):
        items = value.items()
    elif isinstance(value, list):
        items = enumerate(value)
    found = [path] if path else []
    for key, each in items:
        found += _paths(each, (*path, key))
    return found
