"""Calling players, which are other people's code."""

import asyncio
import logging
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.util.async_ import create_eager_task

from ..errors import GppdeError
from .quip_url import hide_tokens

_LOGGER = logging.getLogger(__name__)

type Action = tuple[str, str]


class PlayerError(GppdeError):
    """A player did not do what it was asked to; the message says why, and holds no secrets."""


class PlayerAwayError(PlayerError):
    """A player is not there, or switched off at the wall."""


class PlayerSilentError(PlayerError):
    """A player does not answer."""


async def call_player(
    hass: HomeAssistant, action: Action, data: dict[str, Any], seconds: float
) -> None:
    """Let a player act; its code is reached before anything suspends. Raises PlayerError."""
    call = create_eager_task(hass.services.async_call(*action, data, blocking=True))
    try:
        await asyncio.wait_for(call, seconds)
    except TimeoutError as error:
        raise PlayerSilentError("no answer within {seconds} s", seconds=f"{seconds:.0f}") from error
    except Exception as error:  # a player's integration may raise anything; the door speaks on
        reason = hide_tokens(str(error)) or type(error).__name__
        raise PlayerError("{reason}", reason=reason) from error


class Outage:
    """Logs one line when a player begins to fail, and one when it works again."""

    def __init__(self, entity_id: str, consequence: str) -> None:
        self._entity_id = entity_id
        self._consequence = consequence
        self.reason: PlayerError | None = None
        """Why it fails, while it does."""

    def failed(self, reason: PlayerError) -> None:
        """Tell why, unless it has been failing before."""
        if self.reason is None:
            _LOGGER.warning("%s %s: %s", self._entity_id, self._consequence, reason)
        self.reason = reason

    def worked(self) -> None:
        """Tell that it works again, if it failed before."""
        if self.reason is not None:
            _LOGGER.info("%s works again", self._entity_id)
        self.reason = None
