"""The bugs that are planted, each with the promise it breaks, the test that must see it, and at which assertion."""

import msgspec


class Patch(msgspec.Struct, frozen=True):
    """Text that stands in the file exactly once, and what replaces it."""

    file: str
    old: str
    new: str


class Bug(msgspec.Struct, frozen=True):
    name: str
    promise: str
    test: str
    # Part of the statement at which the test must turn red.
    assertion: str
    patches: tuple[Patch, ...]


def bug(name: str, promise: str, test: str, assertion: str, *patches: tuple[str, str, str]) -> Bug:
    return Bug(name, promise, test, assertion, tuple(Patch(*each) for each in patches))


_RECEIVE = "tests/actions/test_receive.py::"
_ASSIGN = "tests/actions/test_assign.py::"
_DELIVER = "tests/actions/test_deliver.py::"
_WEBHOOKS = "tests/web/test_webhooks.py::"
_PROMISES = "tests/guards/test_promises.py::"

INTAKE = (
    bug(
        "ack-before-commit", "P1", _PROMISES + "test_nothing_is_acknowledged_before_it_is_committed",
        "assert not stored.done()",
        ("server/actions/journal.py", "        await done\n", ""),
    ),
    bug(
        "ack-without-the-journal", "P1",
        _WEBHOOKS + "test_when_the_journal_cannot_be_written_meta_is_told_to_come_again", "assert status == 503",
        ("server/actions/journal.py", "                done.set_exception(failure)\n", "                done.set_result(None)\n"),
    ),
    bug(
        "unsigned-accepted", "P1", _WEBHOOKS + "test_an_unsigned_or_wrongly_signed_body_is_refused", "== 403",
        ("server/channels/signature.py", "    signer = None\n", "    signer = next(iter(secrets), None)\n"),
    ),
    bug(
        "reserialised-signature", "P1", _WEBHOOKS + "test_a_reserialised_body_does_not_pass_under_the_original_signature",
        "(await door.post(original, sign(original, SECRET)))[0] == 200",
        ("server/web/webhooks.py", "    app_id = signature.verify(body,",
         "    app_id = signature.verify(msgspec.json.encode(msgspec.json.decode(body)),"),
    ),
    bug(
        "duplicate-key-ignored", "P2", _PROMISES + "test_a_repeat_of_everything_changes_nothing",
        "assert await counts(services) == before",
        ("server/actions/receive.py",
         "    return [each for each in arrivals if _key(each) in taken and by_key[_key(each)] is each]\n",
         "    return list(arrivals) if taken is not None else []\n"),
    ),
    bug(
        "first-item-of-a-batch-only", "P3", _RECEIVE + "test_every_item_of_every_entry_is_applied", "assert texts ==",
        ("server/actions/applying.py", "await receive(work, arrivals)", "await receive(work, arrivals[:1])"),
    ),
    bug(
        "first-entry-only", "P3", _RECEIVE + "test_every_item_of_every_entry_is_applied", "assert texts ==",
        ("server/channels/envelope.py", "in enumerate(entries):", "in enumerate(entries[:1]):"),
    ),
    bug(
        "bad-item-takes-its-neighbours", "P3", _PROMISES + "test_an_item_the_database_refuses_stands_alone",
        "assert texts ==",
        ("server/actions/applying.py", "        if len(entries) <= 1:\n", "        if len(entries) >= 1:\n"),
    ),
    bug(
        "refused-item-dropped", "P3", _PROMISES + "test_an_item_the_database_refuses_stands_alone",
        "assert aside ==",
        ("server/actions/applying.py",
         "return await _apply(services, lease, rows, [_refused(entries[0], error)])",
         "return await _apply(services, lease, rows, [])"),
    ),
    bug(
        "clock-goes-back", "P4", _RECEIVE + "test_messages_are_ordered_by_the_providers_time",
        'conversation["last_inbound_at"] == now',
        ("server/actions/messages_in.py", "    if not late:\n", "    if True:\n"),
    ),
    bug(
        "status-regression", "P4", _RECEIVE + "test_statuses_only_move_forward_whatever_their_order", '== "read"',
        ("server/domain/delivery.py", "_PLACE[after] > _PLACE[before]", "_PLACE[after] != _PLACE[before]"),
    ),
)  # fmt: skip

OUTBOX = (
    bug(
        "double-send", "P5", _DELIVER + "test_a_kill_between_claim_and_record_never_sends_again",
        "assert await heir.deliver_due() == 0",
        ("server/store/sql/outbox.sql",
         "set state = 'uncertain', lease_expires_at = null, holds_until = now() + make_interval(secs => $1)",
         "set state = 'queued', lease_expires_at = null, holds_until = now() + make_interval(secs => $1)"),
    ),
    bug(
        "time-out-sent-again", "P5", _DELIVER + "test_an_uncertain_send_holds_its_conversation_and_is_then_shown",
        'assert await rows(services) == [("uncertain", 1)]',
        ("server/actions/outcomes.py", "        elif isinstance(outcome, Unsent):\n",
         "        elif isinstance(outcome, Unsent | Unknown):\n"),
    ),
    bug(
        "head-of-line-ignored", "P4", _DELIVER + "test_a_conversation_goes_in_order_and_others_beside_it",
        "assert await deliverer.deliver_due() == 2",
        ("server/store/sql/outbox.sql", "and p.state in ('queued', 'sending', 'uncertain')\n", "and p.state = 'uncertain'\n"),
    ),
    bug(
        "bot-in-the-financial-sector", "P8", _PROMISES + "test_no_bot_speaks_in_the_financial_sector_whoever_writes_it",
        "with pytest.raises(",
        ("server/actions/send.py", "if any(each.purpose is Purpose.BOT and not each.conversation.bots for each in sendings):",
         "if False:"),
        ("migrations/0001_initial.sql", "    check (bots or purpose <> 'bot'),\n", ""),
    ),
    bug(
        "outbox-takes-a-bot", "P8", _PROMISES + "test_the_outbox_itself_refuses_a_bot_where_there_are_none",
        "with pytest.raises(",
        ("migrations/0001_initial.sql", "    check (bots or purpose <> 'bot'),\n", ""),
    ),
    bug(
        "bot-let-out-at-the-last-door", "P8", "tests/domain/test_delivery_rules.py::test_no_bot_where_the_sector_has_none",
        "assert",
        ("server/domain/delivery.py", "    return bots or purpose is not Purpose.BOT\n", "    return True\n"),
    ),
    bug(
        "acknowledged-twice", "P8", _PROMISES + "test_the_acknowledgement_comes_once_however_much_is_written",
        "assert said ==",
        ("server/actions/answering.py", "            if newly and not sector.bots and", "            if not sector.bots and"),
        ("migrations/0001_initial.sql", "create unique index outbox_acknowledgement on", "create index outbox_acknowledgement on"),
    ),
)  # fmt: skip

WORK = (
    bug(
        "two-unresolved-conversations", "P6",
        _PROMISES + "test_the_database_keeps_one_unresolved_conversation_for_a_person_and_inbox", "with pytest.raises(",
        ("migrations/0001_initial.sql", "create unique index conversation_unresolved", "create index conversation_unresolved"),
    ),
    bug(
        "offered-and-still-waiting", "P6", _PROMISES + "test_a_conversation_is_always_in_exactly_one_place",
        "assert await misplaced(services) == []",
        ("server/actions/matching.py", "    await queues.take(work.connection, [each.conversation_id for each in new])\n", ""),
    ),
    bug(
        "lost-requeue", "P7", _ASSIGN + "test_an_expired_offer_returns_with_its_age_and_sets_the_advisor_away",
        "== [first.id, second.id]",
        ("server/actions/assign.py", '    await queueing.put_back(work, places, reason="offer_expired")\n', ""),
    ),
    bug(
        "requeued-as-new", "P7", _ASSIGN + "test_a_declined_conversation_keeps_its_age_and_goes_to_somebody_else",
        'assert (row["entered_at"], row["rank"]) ==',
        ("server/actions/queueing.py", "entered_at=offer.entered_at,", "entered_at=offer.offered_at,"),
    ),
    bug(
        "capacity-check-removed", "P7", _ASSIGN + "test_capacity_is_counted_again_under_the_advisors_lock",
        "assert await matching_now == 0",
        ("server/actions/matching.py", "    return advisor.presence is Presence.ONLINE and advisor.load < advisor.capacity\n",
         "    return advisor.presence is Presence.ONLINE\n"),
    ),
    bug(
        "presence-without-a-lease", "P7", _ASSIGN + "test_only_the_sectors_and_skills_fit", "assert why >=",
        ("server/store/sql/advisors.sql",
         "    case when l.user_id is null then 'offline' else a.presence end as presence,\n", "    a.presence,\n"),
    ),
    bug(
        "dead-browser-keeps-the-work", "P7",
        "tests/actions/test_presence.py::test_a_killed_browser_gives_the_offer_back_at_once_and_the_work_after_the_grace",
        "assert await presence.reap(services) == 1",
        ("server/actions/presence.py", "    return await take_back_offers(services) + await _take_back_work(services)\n",
         "    return await take_back_offers(services)\n"),
    ),
    bug(
        "late-accept", "P7", _ASSIGN + "test_too_late_is_said", "with pytest.raises(OfferGone",
        ("server/store/sql/offers.sql", "where id = $1 and state = 'pending' and expires_at > now()\n",
         "where id = $1 and state = 'pending'\n"),
    ),
    bug(
        "deadline-fired-twice", "P11", _PROMISES + "test_of_two_who_found_a_deadline_the_second_fires_nothing",
        "assert await sla.breach(",
        ("server/store/sql/sla.sql",
         "where conversation_id = any($1::bigint[]) and state = 'running' and due_at <= now()\n",
         "where conversation_id = any($1::bigint[]) and due_at <= now()\n"),
    ),
    bug(
        "breach-without-its-own-time", "P11",
        "tests/actions/test_deadlines.py::test_a_warning_comes_before_the_breach_and_each_once",
        'assert row["noticed_at"] - row["due_at"] >=',
        ("server/store/sql/sla.sql", "set state = 'breached', breached_at = due_at, noticed_at = now()",
         "set state = 'breached', breached_at = due_at, noticed_at = due_at"),
    ),
    bug(
        "an-owner-the-log-does-not-know", "P12", _PROMISES + "test_where_each_conversation_is_can_be_told_from_the_log_alone",
        "assert rebuilt ==",
        ("server/actions/ownership.py",
         "    work.record(conversation, ConversationAssigned(advisor_id=user_id, reason=reason), actor=actor, user_id=user_id)\n",
         ""),
    ),
)  # fmt: skip

_ACCESS = "tests/access/test_matrix.py::"
WALLS = (
    bug(
        "missing-sector-bound", "P9", _ACCESS + "test_every_route_keeps_to_the_table", "assert surprises == []",
        ("server/store/sql/views.sql",
         "where c.id = $1 and c.sector_id = any($2::text[])\n", "where c.id = $1 and $2::text[] is not null\n"),
    ),
    bug(
        "list-without-sector-bound", "P9", _ACCESS + "test_every_route_keeps_to_the_table", "assert leaks == []",
        ("server/store/views.py", "        sorted(_readable_sectors(viewer) & set(chosen.sectors)), chosen.states,",
         "        sorted(chosen.sectors), chosen.states,"),
    ),
    bug(
        "act-without-sector-bound", "P9", _ACCESS + "test_every_route_keeps_to_the_table", "assert surprises == []",
        ("server/actions/reach.py",
         "    if conversation.sector_id not in viewer.sectors or not viewer.reads_messages:\n", "    if False:\n"),
    ),
    bug(
        "earlier-talks-of-another-sector", "P9", _ACCESS + "test_every_route_keeps_to_the_table", "assert leaks == []",
        ("server/store/sql/views.sql",
         "    and c.sector_id = any($2::text[])\n    and ($4 or c.owner_id = $3\n        or exists (select from assignment a"
         " where a.conversation_id = c.id and a.advisor_id = $3))\norder by c.opened_at desc",
         "    and $2::text[] is not null\n    and ($4 or c.owner_id = $3\n        or exists (select from assignment a"
         " where a.conversation_id = c.id and a.advisor_id = $3))\norder by c.opened_at desc"),
    ),
    bug(
        "catch-up-without-sector-bound", "P9", _ACCESS + "test_every_socket_event_keeps_to_the_table",
        "assert leaks == []",
        ("server/store/sql/feed.sql", "(e.sector_id = any($3::text[]) and ($4 or exists (", "($3::text[] is not null and ($4 or exists ("),
        ("server/store/feed.py", "events = [(each, each.sector_id in sectors and", "events = [(each,"),
    ),
    bug(
        "pushed-to-every-room", "P9", _ACCESS + "test_what_happens_in_a_sector_is_pushed_to_nobody_outside",
        "assert leaks == []",
        ("server/realtime/rooms.py", '    rooms = [f"sector:{row.sector_id}", conversation(row.conversation_id)]\n',
         '    rooms = [f"sector:{each}" for each in ("financial", "hospitality", "education")]\n'),
        ("server/realtime/feed.py", "            if row.sector_id in socket.viewer.sectors and socket.viewer.reads_messages\n", ""),
    ),
    bug(
        "rights-read-once", "P9", _ACCESS + "test_rights_that_were_taken_away_take_effect", "assert leaks == []",
        ("server/realtime/keeper.py", "                await self._move(socket, viewer)\n", "                continue\n"),
        ("server/realtime/feed.py", "            if row.sector_id in socket.viewer.sectors and socket.viewer.reads_messages\n", ""),
    ),
    bug(
        "csrf-check-removed", "P9", "tests/web/test_security.py::test_a_change_from_elsewhere_is_refused",
        "refused = await console.call(",
        ("server/web/auth.py", '            check_csrf(who, connection.headers.get(CSRF_HEADER, ""))\n', "            pass\n"),
    ),
    bug(
        "origin-check-removed", "P9", "tests/web/test_security.py::test_a_change_from_elsewhere_is_refused",
        "refused = await console.call(",
        ("server/web/security.py", "not in SAFE_METHODS and not self._site.admits_origin(origin, host):",
         "not in SAFE_METHODS and False:"),
    ),
    bug(
        "cursor-beyond-what-is-open", "P10", _PROMISES + "test_what_was_open_during_a_snapshot_is_caught_up_after_it",
        "assert late in",
        ("server/store/sql/views.sql", "select pg_snapshot_xmin(pg_current_snapshot())",
         "select pg_snapshot_xmax(pg_current_snapshot())"),
    ),
    bug(
        "no-resync", "P10", "tests/realtime/test_nothing_lost.py::test_too_much_is_answered_with_a_resync",
        'answer["resync"] is True',
        ("server/store/feed.py", 'if len(row["ids"]) > most or row["from_the_future"]:', 'if row["from_the_future"]:'),
    ),
    bug(
        "stale-reply-accepted", "P10", "tests/actions/test_reply.py::test_what_others_did_since_makes_it_stale",
        "with pytest.raises(StaleReply",
        ("server/actions/reply.py", "        if changes:\n", "        if False:\n"),
    ),
)  # fmt: skip

BUGS = (*INTAKE, *OUTBOX, *WORK, *WALLS)
