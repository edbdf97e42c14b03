"""Where a player fetches a quip: addresses that are short, unguessable, and expire."""

import re
import secrets
from time import monotonic
from typing import Final

from homeassistant.const import EVENT_CORE_CONFIG_UPDATE
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.helpers.network import NoURLAvailableError, get_url
from homeassistant.util.hass_dict import HassKey

from ..const import DOMAIN

LIFETIME: Final = 3600
"""Seconds from the making of an address to its end."""

_TOKEN_BYTES: Final = 16
_TOKEN: Final = re.compile(r"([?&]t=)[\w-]+")


def hide_tokens(text: str) -> str:
    """Return a text, such as a player's error, without what would open a quip's address."""
    return _TOKEN.sub(r"\1…", text)


class QuipUrls:
    """Hands out addresses, and knows which quips were fetched since theirs was made.

    All addresses die with the process, for they are kept in memory alone. Their time is monotonic:
    a clock that is set right after the start ends none. A door that opens finds the next token and
    the base ready.
    """

    def __init__(self, hass: HomeAssistant) -> None:
        self._hass = hass
        self._addresses: dict[str, tuple[str, float]] = {}
        self._fetched: set[str] = set()
        self._spare_token: str | None = None
        self._base: str | None = None
        hass.bus.async_listen(EVENT_CORE_CONFIG_UPDATE, self._prepare)

    def path(self, uuid: str) -> str:
        """Return a new address within this Home Assistant.

        Its proof stands in the query, which also keeps Home Assistant from signing it.
        """
        token = self._spare_token or secrets.token_urlsafe(_TOKEN_BYTES)
        self._spare_token = None
        self._addresses[token] = uuid, monotonic() + LIFETIME
        self._fetched.discard(uuid)
        self._hass.loop.call_soon(self._prepare)
        return f"/api/{DOMAIN}/{uuid}.mp3?t={token}"

    def url(self, uuid: str) -> str:
        """Return a new absolute address. Raises NoURLAvailableError."""
        base = self._base or get_url(self._hass)
        return base + self.path(uuid)

    def verify(self, name: str, token: str) -> str | None:
        """Return the UUID behind the name in an address, if that name and token are alive."""
        uuid, expires_at = self._addresses.get(token, ("", 0.0))
        return uuid if name == f"{uuid}.mp3" and monotonic() < expires_at else None

    def note_fetched(self, uuid: str) -> None:
        """Remember that somebody hears this quip."""
        self._fetched.add(uuid)

    def was_fetched(self, uuid: str) -> bool:
        """Tell whether the quip was fetched since its newest address was made."""
        return uuid in self._fetched

    @callback
    def _prepare(self, _: Event | None = None) -> None:
        self._spare_token = secrets.token_urlsafe(_TOKEN_BYTES)
        self._forget_expired()
        try:
            self._base = get_url(self._hass)
        except NoURLAvailableError:
            self._base = None

    def _forget_expired(self) -> None:
        while self._addresses:
            oldest = next(iter(self._addresses))
            _, expires_at = self._addresses[oldest]
            if monotonic() < expires_at:
                break
            del self._addresses[oldest]


QUIP_URLS: HassKey[QuipUrls] = HassKey(f"{DOMAIN}_quip_urls")
"""Made once per start, for an address handed out must outlive a reload."""
