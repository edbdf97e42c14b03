"""Serves quips to players, which bring neither cookies nor patience."""

from typing import Final

from aiohttp.hdrs import CACHE_CONTROL, CONTENT_TYPE
from aiohttp.web import FileResponse, HTTPNotFound, Request
from homeassistant.components.http import HomeAssistantView
from homeassistant.core import HomeAssistant

from .const import DOMAIN
from .data import running_entry
from .errors import StockError
from .personas.persona import Persona
from .personas.stock_issues import raise_stock_issue
from .speaking.quip_url import QuipUrls

# Range requests of one playback may use what the player holds, but a proxy keeps nothing.
HEADERS: Final = {CONTENT_TYPE: "audio/mpeg", CACHE_CONTROL: "private, max-age=3600"}


class QuipView(HomeAssistantView):
    """Answers 404 to whatever is not a living address of a quip.

    Players probe for covers beside what they play; an answer of 401 would count as a failed login.
    """

    url = f"/api/{DOMAIN}/{{name}}"
    name = f"api:{DOMAIN}:quip"
    requires_auth = False

    def __init__(self, hass: HomeAssistant, urls: QuipUrls) -> None:
        self._hass = hass
        self._urls = urls

    async def head(self, request: Request, name: str) -> FileResponse:
        """Tell about a quip that a player may fetch; nobody hears it yet."""
        persona, uuid = self._find(request, name)
        return _response(persona, uuid)

    async def get(self, request: Request, name: str) -> FileResponse:
        """Serve a quip, or a range of it; before its first byte it is stale, also on disk."""
        persona, uuid = self._find(request, name)
        if not self._urls.was_fetched(uuid):
            await self._mark_stale(persona, uuid)
            self._urls.note_fetched(uuid)
        return _response(persona, uuid)

    def _find(self, request: Request, name: str) -> tuple[Persona, str]:
        if uuid := self._urls.verify(name, request.query.get("t", "")):
            for persona in self._personas():
                if persona.stock.get(uuid):
                    return persona, uuid
        raise HTTPNotFound

    def _personas(self) -> list[Persona]:
        entry = running_entry(self._hass)
        return list(entry.runtime_data.personas.values()) if entry else []

    async def _mark_stale(self, persona: Persona, uuid: str) -> None:
        try:
            await persona.stock.mark_stale(uuid)
        except StockError as error:
            # The door speaks on: in memory it is stale, and a person is told of the disk.
            raise_stock_issue(persona, error)
        persona.changed()


def _response(persona: Persona, uuid: str) -> FileResponse:
    if path := persona.stock.path(uuid):
        return FileResponse(path, headers=HEADERS)
    raise HTTPNotFound
