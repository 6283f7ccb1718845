"""What addresses and bodies may hold: ids that fit a bigint, words PostgreSQL can store."""

from typing import Annotated

import msgspec
from litestar.params import PathParameter, QueryParameter

_LARGEST = 2**53

# In an address, in its query, in a body.
PathId = Annotated[int, PathParameter(ge=0, le=_LARGEST)]
QueryId = Annotated[int | None, QueryParameter(ge=0, le=_LARGEST)]
Id = Annotated[int, msgspec.Meta(ge=0, le=_LARGEST)]

QueryWord = Annotated[str | None, QueryParameter(max_length=100, pattern="^[^\x00]*$")]
