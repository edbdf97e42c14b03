"""No source: a household that lives on what is shipped, until a person adds one."""

from collections.abc import AsyncGenerator, Awaitable, Callable

from ..errors import SourceError
from ..quips.archive import Dropped
from . import Made, Order, Progress, Ticket


class NoSource:
    """Stands where a source would, and is not to be asked for anything."""

    def make(
        self,
        order: Order,  # noqa: ARG002
        ticket: Ticket | None,  # noqa: ARG002
        keep: Callable[[Ticket], Awaitable[None]],  # noqa: ARG002
    ) -> AsyncGenerator[Made | Dropped | Progress]:
        """Make nothing. Raises SourceError at once."""
        raise SourceError("There is no source of new quips.")
