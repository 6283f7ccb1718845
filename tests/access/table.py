"""Who gets what: the one table of every route and every socket event, for each role and each target.

Targets of a route that names something, in this order:
- mine: of the reader's own sector, theirs to hold where the role holds conversations (else a colleague's);
- theirs: of the reader's own sector, a colleague's;
- foreign: of another sector; also tried with a contact known in both (shared).
What is only read is also tried with one of the reader's own whose contact is known in both (known).
Without a session everything but the open routes is 401, or leads to the door.
"""

from typing import Any

import msgspec

ROLES = ("advisor", "supervisor", "administrator", "owner who reads", "owner")
# The others read all of their sectors.
READ_ONLY_THEIR_OWN = ("advisor", "owner")

# What an answer's status is for each role, "mine theirs foreign" or one for all.
_RIGHTS = {
    #             advisor        supervisor     administrator  owner who reads  owner
    "read":      "200 404 404 | 200 200 404 | 200 200 404 | 200 200 404 | 404 404 404",
    # Times or templates: nothing that was said.
    "clocks":    "200 404 404 | 200 200 404 | 200 200 404 | 200 200 404 | 404 404 404",
    "steer":     "200 404 404 | 200 200 404 | 200 200 404 | 403 403 404 | 404 404 404",
    "reassign":  "403 404 404 | 200 200 404 | 200 200 404 | 403 403 404 | 404 404 404",
    "take over": "403 404 404 | 200 200 404 | 403 403 404 | 403 403 404 | 404 404 404",
    "look":      "200 404 404 | 200 200 404 | 200 200 404 | 200 200 404 | 404 404 404",
    "reply":     "201 404 404 | 201 403 404 | 403 403 404 | 403 403 404 | 404 404 404",
    "upload":    "422 404 404 | 422 403 404 | 403 403 404 | 403 403 404 | 404 404 404",
    # A message of ours takes no reaction: only the owner learns that.
    "react":     "422 404 404 | 422 403 404 | 403 403 404 | 403 403 404 | 404 404 404",
    "own":       "200 404 404 | 200 403 404 | 403 403 404 | 403 403 404 | 404 404 404",
    "retry":     "409 404 404 | 409 403 404 | 403 403 404 | 403 403 404 | 404 404 404",
    "discard":   "200 404 404 | 200 403 404 | 403 403 404 | 403 403 404 | 404 404 404",
    "note":      "201 404 404 | 201 201 404 | 201 201 404 | 201 201 404 | 404 404 404",
    "draft":     "204 404 404 | 204 204 404 | 204 204 404 | 204 204 404 | 404 404 404",
    # Supervisors take conversations by stepping in: an offer is only ever made to an advisor.
    "offer":     "200 404 404 | 200 404 404 | 404 404 404 | 404 404 404 | 404 404 404",
    "inbox":     "200 404 404 | 200 200 404 | 303 303 404 | 303 303 404 | 404 404 404",
    "desk":      "403 403 403 | 200 200 404 | 200 200 404 | 200 200 404 | 403 403 403",
    "list":      "200 | 200 | 200 | 200 | 200",
    "desk list": "403 | 200 | 200 | 200 | 403",
    "board":     "403 | 200 | 200 | 200 | 200",
    "records":   "403 | 403 | 200 | 403 | 403",
    "costs":     "403 | 403 | 200 | 200 | 200",
    "merge":     "403 404 404 | 422 422 404 | 422 422 404 | 403 403 404 | 404 404 404",
    "part":      "403 404 404 | 200 200 404 | 200 200 404 | 403 403 404 | 404 404 404",
    "standing":  "403 | 403 | 200 | 200 | 200",
    "ask":       "403 | 403 | 200 | 403 | 403",
    "ask there": "403 | 403 | 404 | 403 | 403",
    "figures":   "403 | 403 | 200 | 403 | 403",
    "own inbox": "200 | 200 | 303 | 303 | 303",
    "presence":  "200 | 200 | 403 | 403 | 403",
    "gone":      "404 | 404 | 404 | 404 | 404",
    "no body":   "204 | 204 | 204 | 204 | 204",
    "led on":    "303 | 303 | 303 | 303 | 303",
    "refused":   "403 | 403 | 403 | 403 | 403",
    "sign-in":   "401 | 401 | 401 | 401 | 401",
}  # fmt: skip


class Row(msgspec.Struct, frozen=True):
    """`path` may hold {c}, {m}, {o}, {a}: a conversation, a failed message, an offer and a file of the target."""

    method: str
    path: str
    right: str
    body: Any = None
    # What a stranger gets from an open route.
    stranger: int | None = None
    form: bool = False
    headers: dict[str, str] = {}

    @property
    def named(self) -> bool:
        return "{" in self.path

    @property
    def targets(self) -> list[str]:
        if not self.named:
            return ["mine"]
        return list(READ_TARGETS if self.method == "GET" else TARGETS)


def _row(line: str, right: str, body: Any = None, **more: Any) -> Row:
    method, path = line.split()
    return Row(method, path, right, body, **more)


_COMMAND = {"command_id": "{command}"}
_C = "/api/conversations/{c}"

ROUTES = (
    _row(f"GET {_C}", "read"),
    _row(f"GET {_C}/messages?before={{m}}", "read"),
    _row(f"POST {_C}/resolve", "steer", _COMMAND),
    _row(f"POST {_C}/hand-back", "steer", _COMMAND),
    _row(f"POST {_C}/transfer", "steer", _COMMAND | {"queue": "hospitality", "note": "please"}),
    _row(f"POST {_C}/reassign", "reassign", _COMMAND | {"advisor_id": "{somebody}"}),
    _row(f"POST {_C}/take-over", "take over", _COMMAND),
    _row(f"POST {_C}/read", "look", _COMMAND),
    _row(f"POST {_C}/replies", "reply", _COMMAND | {"text": "Hello", "based_on_version": 3}),
    _row(f"POST {_C}/messages", "reply", _COMMAND | {
        "based_on_version": 3,
        "outgoing": {"kind": "choices", "text": "Which?", "options": [{"id": "a", "title": "A"}]},
    }),
    _row(f"GET {_C}/templates?search=booking", "clocks"),
    _row(f"POST {_C}/templates/refresh", "own", _COMMAND),
    _row("POST /api/messages/{m}/reaction", "react", _COMMAND | {"emoji": "👍"}),
    _row(f"POST {_C}/notes", "note", _COMMAND | {"text": "Careful"}),
    _row(f"POST {_C}/labels", "look", _COMMAND | {"label": "regular", "on": True}),
    _row(f"GET {_C}/timers", "clocks"),
    _row(f"PUT {_C}/draft", "draft", {"text": "Dear"}),
    _row(f"POST {_C}/attachments", "upload", {}),
    _row("GET /api/attachments/{a}/content", "read"),
    _row("GET /api/attachments/{a}/thumbnail", "read"),
    # It was sent: nobody takes it away any more.
    _row("DELETE /api/attachments/{a}", "gone"),
    _row("GET /media/not-a-link", "gone", stranger=404),
    _row("GET /api/transfer-targets?conversation={c}", "read"),
    _row("POST /api/messages/{m}/retry", "retry", _COMMAND),
    _row("POST /api/messages/{m}/discard", "discard", _COMMAND),
    _row("GET /api/messages/{m}/attempts", "clocks"),
    _row("POST /api/offers/{o}/accept", "offer", _COMMAND),
    _row("POST /api/offers/{o}/decline", "offer", _COMMAND),
    _row("GET /inbox/{c}", "inbox"),
    _row("GET /desk/{c}", "desk"),
    *(_row(f"GET /api/contacts?search={words}", "list") for words in ("Omar", "finmark", "9988", "ownmark")),
    _row("GET /api/contacts/{p}", "read"),
    _row("POST /api/contacts/{p}/merge", "merge", _COMMAND | {"other_id": "{p}"}),
    _row("POST /api/merges/{g}/undo", "part", _COMMAND),
    _row("GET /api/identities/{i}/picture", "read"),
    _row("GET /api/meta-health", "standing"),
    _row("GET /meta-health", "standing"),
    _row("POST /api/meta-health/hospitality-whatsapp/check", "ask", _COMMAND),
    _row("POST /api/meta-health/financial-whatsapp/check", "ask there", _COMMAND),
    *(_row(f"GET /api/conversations{query}", "list") for query in (
        "", "?view=queued", "?view=assigned", "?view=bot", "?view=resolved", "?view=mine", "?sector=financial",
        "?sector=financial&view=resolved", "?queue=financial", "?owner=66000001",
    )),
    *(_row(f"GET /api/desk/conversations{query}", "desk list") for query in (
        "", "?view=overdue", "?view=queued", "?order=newest", "?view=resolved", "?sector=financial",
        "?sector=financial&view=overdue", "?queue=financial", "?owner=66000001",
    )),
    _row("GET /api/inbox", "list"),
    _row("GET /api/events?since=0", "list"),
    _row("GET /api/board", "board"),
    _row("GET /api/costs", "costs"),
    _row("GET /api/costs?month=2026-11", "costs"),
    _row("GET /api/users", "records"),
    _row("GET /api/quarantine", "records"),
    _row("GET /api/me", "list"),
    _row("PATCH /api/me", "list", {"preferences": {"sound": False}}),
    _row("POST /api/me/presence", "presence", {"presence": "online"}),
    _row("GET /api/me/sessions", "list"),
    _row("DELETE /api/me/sessions/66000001", "gone"),
    _row("GET /", "led on"),
    _row("GET /inbox", "own inbox"),
    _row("GET /desk", "board"),
    _row("GET /desk?sector=financial&view=resolved", "board"),
    _row("GET /settings", "list"),
    _row("GET /sign-in", "led on", stranger=200),
    _row("POST /sign-in", "sign-in", {"email": "nobody@majlis.example", "password": "not this one"}, form=True,
         stranger=401),
    _row("GET /sign-in/link/not-a-link", "list", stranger=200),
    _row("POST /sign-in/link/not-a-link", "gone", {}, form=True, stranger=404),
    _row("POST /sign-out", "refused", {"csrf_token": "not this one"}, form=True),
    _row("GET /healthz", "list", stranger=200),
    _row("GET /readyz", "list", stranger=200),
    # As it comes through a proxy; on the machine itself it is open.
    _row("GET /metrics", "figures", stranger=403, headers={"X-Forwarded-For": "203.0.113.9"}),
    *(_row(f"GET /schema{file}", "list") for file in (
        "", "/openapi.json", "/openapi.yaml", "/openapi.yml",
    )),
    _row("GET /schema/nowhere", "gone"),
    _row("GET /static/VERSION/favicon.svg", "list", stranger=200),
)  # fmt: skip

# What a socket may ask, the answer for "mine theirs foreign" or for all.
ASKED = {
    #            advisor     supervisor     administrator  owner who reads  owner
    "watch":    "ok no no  | ok ok no     | ok ok no     | ok ok no       | no no no",
    # Only who watches may be seen writing, and only who watches has something to leave.
    "typing":   "ok what what | ok ok what | ok ok what  | ok ok what     | what what what",
    "unwatch":  "ok        | ok           | ok           | ok             | ok",
    "catch_up": "events    | events       | events       | events         | events",
}  # fmt: skip
ANSWERS = {"no": "not-found", "what": "malformed"}
CONNECTING = {"connect", "disconnect"}
# What a socket may hear; the pushes are tried in `test_pushes_stay_inside`.
HEARD = {"event", "beat", "board", "typing", "signed_out"}

# Each target with its place in a cell.
TARGETS = {"mine": 0, "theirs": 1, "foreign": 2, "shared": 2}
READ_TARGETS = TARGETS | {"known": 0}


def expected(right: str, role: str, target: str = "mine") -> int:
    return int(_cell(_RIGHTS[right], role, target))


def keeps_theirs(row: Row, role: str, target: str) -> bool:
    """Whether nothing of colleagues' conversations may show in the answer either."""
    if not row.named:
        return role in READ_ONLY_THEIR_OWN
    return target not in ("mine", "known") and expected(row.right, role, target) >= 300


def answered(event: str, role: str, target: str) -> str:
    cell = _cell(ASKED[event], role, target)
    return ANSWERS.get(cell, cell)


def _cell(line: str, role: str, target: str) -> str:
    cells = line.split("|")[ROLES.index(role)].split()
    return cells[0] if len(cells) == 1 else cells[READ_TARGETS[target]]
