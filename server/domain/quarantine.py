"""Why an item was set aside."""

from enum import StrEnum


class Reason(StrEnum):
    UNPARSABLE = "unparsable"  # not JSON, or too deep
    UNKNOWN_OBJECT = "unknown_object"
    UNKNOWN_FIELD = "unknown_field"
    UNKNOWN_KIND = "unknown_kind"
    UNKNOWN_ACCOUNT = "unknown_account"
    WRONG_APP = "wrong_app"  # signed by another app than the inbox's own
    MALFORMED = "malformed"  # a known kind whose fields are missing or of the wrong type
    REFUSED = "refused"  # the database refused its data (SQLSTATE class 22 or 23)
    CRASHED = "crashed"  # it ended the process again and again
