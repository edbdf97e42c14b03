"""How what was begun is ended."""

from collections.abc import Sequence

from homeassistant.core import CALLBACK_TYPE, callback


def stop_all(stops: Sequence[CALLBACK_TYPE]) -> CALLBACK_TYPE:
    """Return one call for several that each end something."""

    @callback
    def stop() -> None:
        for stop_one in stops:
            stop_one()

    return stop
