"""What handlers are given: ids that fit a bigint, words PostgreSQL can store, and the two things most of them need."""

from typing import Annotated

import msgspec
from litestar.di import NamedDependency
from litestar.params import PathParameter, QueryParameter

from server.actions.unit import Services
from server.domain.access import Viewer

_LARGEST = 2**53

# In an address, in its query, in a body.
PathId = Annotated[int, PathParameter(ge=0, le=_LARGEST)]
QueryId = Annotated[int | None, QueryParameter(ge=0, le=_LARGEST)]
Id = Annotated[int, msgspec.Meta(ge=0, le=_LARGEST)]

QueryWord = Annotated[str | None, QueryParameter(max_length=100, pattern="^[^\x00]*$")]

# By name: what every action needs, as `services`, and who is asking, as `viewer`.
Ours = NamedDependency[Services]
Asker = NamedDependency[Viewer]
