"""No source: a household that lives on what is shipped, until a person adds one."""

from ..errors import SourceError
from . import Events, Keep, Order, Ticket


class NoSource:
    """Stands where a source would, and is not to be asked for anything."""

    def make(
        self,
        order: Order,  # noqa: ARG002
        ticket: Ticket | None,  # noqa: ARG002
        keep: Keep,  # noqa: ARG002
    ) -> Events:
        """Make nothing. Raises SourceError at once."""
        raise SourceError("There is no source of new quips.")
