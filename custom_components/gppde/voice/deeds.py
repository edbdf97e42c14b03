"""Does what was asked for, and tells truthfully what came of it."""

import logging
from collections.abc import Awaitable, Callable, Mapping

from homeassistant.exceptions import HomeAssistantError

from .answer import Answer, NotUnderstoodError, gather
from .door_deeds import let_say, let_talk, quieten
from .languages import Deed
from .persona_deeds import count_stock, refill
from .request import Request

_DEEDS: Mapping[Deed, Callable[[Request], Awaitable[list[Answer]]]] = {
    Deed.REFILL: refill,
    Deed.STOCK: count_stock,
    Deed.SAY: let_say,
    Deed.QUIET: quieten,
    Deed.TALK: let_talk,
}

_LOGGER = logging.getLogger(__name__)


async def do(deed: Deed, request: Request) -> list[Answer]:
    """Do it and return what to answer; whatever is in the way is an answer too."""
    try:
        return gather(await _DEEDS[deed](request))
    except NotUnderstoodError as error:
        return [error.answer]
    except HomeAssistantError as error:
        _LOGGER.warning("What was asked for by voice, %s, did not work: %s", deed, error)
        return [Answer(key="failed")]
