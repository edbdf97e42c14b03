"""Finds the player that says a quip."""

import asyncio
from collections.abc import Sequence
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.helpers.network import NoURLAvailableError

from ..issues import clear_issue, raise_issue
from ..quips.quip import Quip
from .player import Player
from .player_call import PlayerError
from .players import members
from .quip_url import QuipUrls


class Speaker:
    """The voice that all doors share, so that they do not cut each other off on one player."""

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry[Any], urls: QuipUrls) -> None:
        self._hass = hass
        self._entry = entry
        self._urls = urls
        self._players: dict[str, Player] = {}

    async def speak(self, quip: Quip, players: Sequence[str], volume: float | None) -> str | None:
        """Offer a quip to players, the preferred ones first; return the one that took it.

        A group is offered it as a whole, and named if any of its members took it. The first
        player is called before anything suspends. `volume` is 0 to 1, None leaves it alone.
        """
        try:
            url = self._urls.url(quip.uuid)
        except NoURLAvailableError:
            raise_issue(self._hass, "no_url")
            return None
        for player in players:
            if await self._offer(player, quip, url, volume) or self.is_heard(quip):
                clear_issue(self._hass, "no_url")
                return player
        return None

    def is_heard(self, quip: Quip) -> bool:
        """Tell whether a player fetched the quip, whatever that player's action came to."""
        return self._urls.was_fetched(quip.uuid)

    def troubles(self, players: Sequence[str]) -> dict[str, PlayerError | None]:
        """Return what hindered each player, groups resolved; None if it has none that we know."""
        names = dict.fromkeys(id_ for name in players for id_ in members(self._hass, name))
        return {name: self._player(name).trouble for name in names}

    async def _offer(self, name: str, quip: Quip, url: str, volume: float | None) -> bool:
        members_ = members(self._hass, name)
        return any(
            await asyncio.gather(*(self._player(id_).say(quip, url, volume) for id_ in members_))
        )

    def _player(self, entity_id: str) -> Player:
        if entity_id not in self._players:
            self._players[entity_id] = Player(self._hass, self._entry, entity_id)
        return self._players[entity_id]
