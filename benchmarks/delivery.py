"""How fast the outbox empties, its pace set to no limit, beside the bare HTTP client against the same other end."""

import json
import socket
import urllib.request
from collections import defaultdict
from typing import Any

from benchmarks import report
from benchmarks.database import Database, database
from benchmarks.server import Side, serving

PER_SECOND_ASKED = 500
MESSAGES_EACH = 5
_ANSWER_SECONDS = 600


def run(seconds: float, times: int) -> dict[str, Any]:
    """`seconds` sets how many messages there are; the rounds take what they take."""
    people = max(int(seconds * PER_SECOND_ASKED) // MESSAGES_EACH, 20)
    count = people * MESSAGES_EACH
    rounds: list[dict[str, dict[str, float]]] = []
    doubled = reordered = 0
    with database() as db:
        for place in range(times):
            found: dict[str, dict[str, float]] = {}
            with serving("meta", "") as meta:
                with serving("bare_client", "", BENCHMARK_META=str(meta.port)) as side:
                    _told(side, 200)
                    found["bare HTTP client"] = _measured(db, side, count)
                _taken(meta)
                dsn = _queued(db, people)
                with serving("sender", dsn, BENCHMARK_META=str(meta.port)) as side:
                    found["product"] = _measured(db, side, count)
                taken = _taken(meta)
            _expect_all_accepted(db, dsn, count, len(taken))
            db.drop(dsn)
            doubled += len(taken) - len({local_id for local_id, _ in taken})
            reordered += _reordered(taken)
            for name, figures in found.items():
                report.progress(place, name, figures)
            rounds.append(found)
    kinds = ("sends_per_s", "sender_cpu_us", "postgres_cpu_us")
    sides = {
        name: {kind: report.figures([each[name][kind] for each in rounds], kind) for kind in kinds}
        for name in rounds[0]
    }
    ratio = report.ratio(sides["product"]["sends_per_s"].median, sides["bare HTTP client"]["sends_per_s"].median)
    return {
        "machine": report.machine(), "messages": count, "conversations": people, "sides": sides,
        "sends_of_bare_client": ratio, "doubled": doubled, "reordered": reordered,
    }  # fmt: skip


def _measured(db: Database, side: Side, count: int) -> dict[str, float]:
    cpu, postgres = side.cpu_seconds(), db.cpu_seconds()
    seconds = _told(side, count)
    return {
        "sends_per_s": count / seconds,
        "sender_cpu_us": (side.cpu_seconds() - cpu) / count * 1e6,
        "postgres_cpu_us": (db.cpu_seconds() - postgres) / count * 1e6,
    }


def _told(side: Side, count: int) -> float:
    """The seconds the side took for so many."""
    with socket.create_connection(("127.0.0.1", side.port), 5) as wire:
        wire.settimeout(_ANSWER_SECONDS)
        wire.sendall(b"%d\n" % count)
        answer = wire.makefile("rb").readline()
    if not answer:
        raise RuntimeError("the side gave up")
    return float(json.loads(answer))


def _taken(meta: Side) -> list[tuple[str, str]]:
    """(local id, text) of what came, in order; forgotten afterwards."""
    with urllib.request.urlopen(f"http://127.0.0.1:{meta.port}/taken", timeout=60) as answer:
        return [(local_id, text) for local_id, text in json.loads(answer.read())]


def _reordered(taken: list[tuple[str, str]]) -> int:
    """How many came before an earlier one of their conversation."""
    last: dict[str, int] = defaultdict(lambda: -1)
    wrong = 0
    for _, text in taken:
        person, place = text.split(".")
        wrong += int(place) < last[person]
        last[person] = max(last[person], int(place))
    return wrong


def _expect_all_accepted(db: Database, dsn: str, count: int, taken: int) -> None:
    accepted = db.value("select count(*) from outbox where state = 'accepted'", dsn)
    moved = db.value("select count(*) from message where status = 'accepted' and provider_id is not null", dsn)
    if not accepted == moved == taken == count:
        raise RuntimeError(f"{accepted} accepted, {moved} moved, {taken} taken, of {count}")


def _queued(db: Database, people: int) -> str:
    """A database where everybody has some answers waiting to leave, in rounds."""
    dsn = db.fresh()
    db.execute(_QUEUE.format(people=people, each=MESSAGES_EACH), dsn)
    db.execute("analyze", dsn)
    return dsn


_QUEUE = """
update inbox set definition = definition || '{{"throughput": 0}}' where id = 'financial-whatsapp';

insert into contact (id, name) overriding system value
select 1000000 + n, 'Sara Haddad' from generate_series(1, {people}) n;

insert into identity (id, contact_id, kind, scope, value) overriding system value
select 1000000 + n, 1000000 + n, 'phone', '', (15550000000 + n)::text from generate_series(1, {people}) n;

insert into conversation (id, sector_id, bots, inbox_id, contact_id, identity_id, state, opened_at, last_inbound_at,
    last_message_at, outbox_seq, owner_id)
overriding system value
select 1000000 + n, 'financial', false, 'financial-whatsapp', 1000000 + n, 1000000 + n, 'assigned', now(), now(),
    now(), {each}, (select min(id) from "user" where role = 'advisor')
from generate_series(1, {people}) n;

insert into message (id, conversation_id, sector_id, inbox_id, direction, author, author_id, kind, text, body,
    provider_at, status, status_at)
overriding system value
select 1000000 + place * {people} + n, 1000000 + n, 'financial', 'financial-whatsapp', 'outbound', 'advisor',
    (select min(id) from "user" where role = 'advisor'), 'text', n || '.' || place,
    jsonb_build_object('kind', 'text', 'text', n || '.' || place), now(), 'queued', now()
from generate_series(0, {each} - 1) place, generate_series(1, {people}) n;

insert into outbox (conversation_id, sector_id, bots, inbox_id, message_id, seq, purpose, opening, recipient, payload)
select conversation_id, sector_id, false, inbox_id, id, split_part(text, '.', 2)::bigint + 1, 'reply', 1,
    jsonb_build_object('kind', 'phone', 'value', (15550000000 + conversation_id - 1000000)::text), body
from message where id > 1000000 and status = 'queued' order by id;
"""
