"""One delivery of Meta → its items, each understood or rejected on its own."""

from typing import Any

from server.channels import clean, instagram, messenger, whatsapp
from server.channels.fields import objects
from server.domain.inbound import Inbound, Rejected
from server.domain.quarantine import Reason

_READERS = {
    "whatsapp_business_account": whatsapp.read_entry,
    "page": messenger.read_entry,
    "instagram": instagram.read_entry,
}


def read(body: bytes) -> list[Inbound | Rejected]:
    """Every item, in the order of the body. Never raises."""
    try:
        document = clean.load(body)
        if _hides_something(body, document):
            document = clean.load_patiently(body)
        return _read_document(document)
    except clean.Unparsable as error:
        return [Rejected(path="", raw=body, reason=Reason.UNPARSABLE, detail=str(error))]
    except Exception as error:  # The last net: a delivery that was acknowledged is never dropped.
        return [Rejected(path="", raw=body, reason=Reason.MALFORMED, detail=type(error).__name__)]


def _read_document(document: Any) -> list[Inbound | Rejected]:
    # Some Instagram deliveries wrap the whole payload in an array.
    if not isinstance(document, list):
        return _read_payload(document, "")
    if not document:
        return [_rejected(document, "", Reason.MALFORMED, "an empty array")]
    return [item for place, each in enumerate(document) for item in _read_payload(each, f"[{place}].")]


def _read_payload(payload: Any, path: str) -> list[Inbound | Rejected]:
    if not isinstance(payload, dict):
        return [_rejected(payload, path, Reason.MALFORMED, "not an object")]
    kind = payload.get("object")
    read_entry = _READERS.get(kind) if isinstance(kind, str) else None
    if read_entry is None:
        return [_rejected(payload, path, Reason.UNKNOWN_OBJECT, kind[:64] if isinstance(kind, str) else "no object")]
    entries = payload.get("entry")
    if not isinstance(entries, list) or not entries:
        return [_rejected(payload, path, Reason.MALFORMED, "entry is missing")]
    items: list[Inbound | Rejected] = []
    for place, entry in enumerate(entries):
        where = f"{path}entry[{place}]"
        if isinstance(entry, dict):
            items += read_entry(entry, where)
        else:
            alone = {"object": kind, "entry": [entry]}
            items.append(_rejected(alone, where, Reason.MALFORMED, "not an object"))
    return items


def _rejected(value: Any, path: str, reason: Reason, detail: str) -> Rejected:
    return Rejected(path=path.removesuffix("."), raw=clean.dump(value), reason=reason, detail=detail)


def _hides_something(body: bytes, document: Any) -> bool:
    """Whether a container may stand twice under one key, where the fast reader keeps only the last.

    Compares how often the containers are named with how many were seen; a wrong yes only costs time.
    """
    payloads = objects({"": document}, "") if isinstance(document, list) else [document]
    payloads = [each for each in payloads if isinstance(each, dict)]
    entries = [entry for each in payloads for entry in objects(each, "entry")]
    changes = [change for entry in entries for change in objects(entry, "changes")]
    fields = sum(1 for change in changes if change.get("field") == "messages")
    seen = len(entries)
    return (
        body.count(b'"entry"') > len(payloads)
        or body.count(b'"changes"') > seen
        or body.count(b'"messaging"') > seen
        or body.count(b'"standby"') > seen
        or (bool(changes) and body.count(b'"value"') > len(changes))
        or (bool(changes) and body.count(b'"messages"') - fields > len(changes))
        or body.count(b'"statuses"') > len(changes)
    )
