"""Fifty signed-in advisors of the investment desk, each with conversations they own."""

import hashlib
import secrets

import asyncpg

from benchmarks import payloads

CONVERSATIONS = 10
_FIRST = 9_000_000_000


def customer(place: int) -> int:
    """The number of the person behind the conversation at this place; `place % advisors` owns it."""
    return _FIRST + place


async def seed(dsn: str, advisors: int) -> list[str]:
    """Returns each advisor's cookie, in order."""
    connection = await asyncpg.connect(dsn)
    try:
        users = [row[0] for row in await connection.fetch(_ADVISORS, advisors)]
        await connection.execute(
            "insert into user_sector (user_id, sector_id) select unnest($1::bigint[]), 'financial'", users
        )
        await connection.execute("insert into advisor (user_id, capacity) select unnest($1::bigint[]), 100", users)
        tokens = [secrets.token_urlsafe(32) for _ in users]
        await connection.execute(_SESSIONS, [hashlib.sha256(each.encode()).digest() for each in tokens], users)
        people = [payloads.person(customer(place)) for place in range(advisors * CONVERSATIONS)]
        owners = [users[place % advisors] for place in range(len(people))]
        await connection.execute(_TALK, [each[1] for each in people], [each[0] for each in people], owners)
    finally:
        await connection.close()
    return [f"majlis_session={each}" for each in tokens]


_ADVISORS = """
insert into "user" (email, name, role, reads_messages)
select 'advisor' || n || '@example.com', 'Advisor ' || n, 'advisor', true from generate_series(1, $1::integer) n
returning id
"""

_SESSIONS = """
insert into session (token_hash, user_id, csrf_token, expires_at)
select n.token, n.user_id, 'benchmark', now() + interval '1 day'
from unnest($1::bytea[], $2::bigint[]) as n (token, user_id)
"""

_TALK = """
with inbox as (
    select id, coalesce(definition ->> 'portfolio_id', definition ->> 'account_id', external_id) as scope
    from inbox where sector_id = 'financial' and channel = 'whatsapp'
), person as (
    select n.*, row_number() over () as place
    from unnest($1::text[], $2::text[], $3::bigint[]) as n (user_id, phone, owner_id)
), contact_row as (
    insert into contact (id, name, language) overriding system value
    select 1000000 + place, 'Sara Haddad', 'en' from person
), first_identity as (
    insert into identity (id, contact_id, kind, scope, value, name) overriding system value
    select 1000000 + place, 1000000 + place, 'whatsapp_user', inbox.scope, user_id, 'Sara Haddad' from person, inbox
), second_identity as (
    insert into identity (id, contact_id, kind, scope, value, name) overriding system value
    select 2000000 + place, 1000000 + place, 'phone', '', phone, 'Sara Haddad' from person
)
insert into conversation (id, sector_id, bots, inbox_id, contact_id, identity_id, state, owner_id, opened_at,
    last_message_at)
overriding system value
select 1000000 + place, 'financial', false, inbox.id, 1000000 + place, 1000000 + place, 'assigned', owner_id,
    now(), now()
from person, inbox
"""
