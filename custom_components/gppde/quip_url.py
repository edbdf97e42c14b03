"""Where a player fetches a quip: addresses that are short, unguessable, and expire."""

import hmac
import re
import secrets
from base64 import urlsafe_b64encode
from time import monotonic
from typing import Final

from homeassistant.core import HomeAssistant
from homeassistant.helpers.network import get_url

from .const import DOMAIN

LIFETIME: Final = 3600
"""Seconds from the making of an address to its end."""

_SUFFIX: Final = ".mp3"
_MAC_BYTES: Final = 15
_DEADLINE_DIGITS: Final = 8
_TOKEN: Final = re.compile(r"([?&]t=)[\w-]+")


def hide_tokens(text: str) -> str:
    """Return a text, such as a player's error, without what would open a quip's address."""
    return _TOKEN.sub(r"\1…", text)


class QuipUrls:
    """Makes and checks addresses; knows which quips were fetched since theirs was made.

    The key dies with the process, and so do all addresses. Their time is monotonic, for a clock
    that is set right after the start must not end them.
    """

    def __init__(self, hass: HomeAssistant) -> None:
        self._hass = hass
        self._key = secrets.token_bytes()
        self._fetched: set[str] = set()

    def path(self, uuid: str) -> str:
        """Return a new address within this Home Assistant.

        It brings its own proof in the query, which also keeps Home Assistant from signing it.
        """
        self._fetched.discard(uuid)
        deadline = f"{int(monotonic()) + LIFETIME:0{_DEADLINE_DIGITS}x}"
        return f"/api/{DOMAIN}/{uuid}{_SUFFIX}?t={deadline}{self._mac(uuid, deadline)}"

    def url(self, uuid: str) -> str:
        """Return a new absolute address. Raises NoURLAvailableError."""
        return get_url(self._hass) + self.path(uuid)

    def verify(self, name: str, token: str) -> str | None:
        """Return the UUID that the name in an address stands for, if its token is alive."""
        uuid = name.removesuffix(_SUFFIX)
        deadline, mac = token[:_DEADLINE_DIGITS], token[_DEADLINE_DIGITS:]
        if uuid == name or not hmac.compare_digest(
            mac.encode(), self._mac(uuid, deadline).encode()
        ):
            return None
        return uuid if monotonic() < int(deadline, 16) else None

    def note_fetched(self, uuid: str) -> None:
        """Remember that somebody hears this quip."""
        self._fetched.add(uuid)

    def was_fetched(self, uuid: str) -> bool:
        """Tell whether the quip was fetched since its newest address was made."""
        return uuid in self._fetched

    def _mac(self, uuid: str, deadline: str) -> str:
        digest = hmac.digest(self._key, f"{deadline}{uuid}".encode(), "sha256")
        return urlsafe_b64encode(digest[:_MAC_BYTES]).decode()
