"""No source: a household that lives on what is shipped, until a person adds one."""

from collections.abc import AsyncGenerator, Awaitable, Callable

from ..archive import Dropped
from . import Made, Order, Progress, Ticket


class NoSource:
    """Makes nothing, and is not asked to."""

    async def make(
        self,
        order: Order,  # noqa: ARG002
        ticket: Ticket | None,  # noqa: ARG002
        keep: Callable[[Ticket], Awaitable[None]],  # noqa: ARG002
    ) -> AsyncGenerator[Made | Dropped | Progress]:
        """Yield nothing."""
        nothing: tuple[Made, ...] = ()
        for made in nothing:
            yield made
