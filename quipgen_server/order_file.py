"""The order that a server finds at its start, so that nobody has to be there to give it."""

from pathlib import Path

from .errors import CommandError, OrderError
from .order import Order, parse_order


def read_order(file: Path) -> Order:
    """The same JSON as the body of `POST /batch/`. Raises CommandError, which names the file."""
    try:
        return parse_order(file.read_bytes())
    except OSError as error:
        raise CommandError(f"Cannot read {file}: {error.strerror}.") from error
    except OrderError as error:
        told = str(error).rstrip(".").replace("The body", "It")
        raise CommandError(
            f"The order in {file} cannot be carried out: {told}. Mend it or leave it out.",
        ) from error
