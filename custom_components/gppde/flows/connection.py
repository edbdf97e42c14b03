"""A quipgen server's address and token, tried before they are kept."""

from dataclasses import dataclass, field

import voluptuous as vol
from homeassistant.const import CONF_TOKEN, CONF_URL
from homeassistant.core import HomeAssistant
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.helpers.selector import TextSelectorType
from homeassistant.util.ssl import get_default_no_verify_context
from yarl import URL

from ..quipgen import (
    IncompatibleVersionError,
    LyingError,
    NotQuipgenError,
    QuipgenClient,
    QuipgenError,
    UnauthorizedError,
    UnreachableError,
    UntrustedError,
    shown_fingerprint,
)
from ..quipgen.answers import COMPATIBLE_MAJOR
from .fields import text

DEFAULT_URL = "https://localhost:8765"
PATIENCE = 10
"""Seconds for one answer: a person is waiting."""

TOKEN_FIELDS = {vol.Required(CONF_TOKEN): text(TextSelectorType.PASSWORD)}
SERVER_FIELDS = {
    vol.Required(CONF_URL, default=DEFAULT_URL): text(TextSelectorType.URL),
    **TOKEN_FIELDS,
}


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of trying a server: `errors` by field, empty where all is well.

    With a `fingerprint` nothing is decided yet: a person must confirm the server's certificate.
    """

    errors: dict[str, str] = field(default_factory=dict)
    placeholders: dict[str, str] = field(default_factory=dict)
    fingerprint: str | None = None


def parse_url(address: str) -> str:
    """Return a server's address without a slash at its end; raises ValueError if it is none."""
    url = URL(address)
    surplus = url.raw_user or url.raw_password or url.raw_query_string or url.raw_fragment
    if url.scheme not in ("http", "https") or not url.host or surplus:
        raise ValueError("An address is http:// or https://, a host, maybe a port and a path.")
    return str(url).rstrip("/")


async def try_server(
    hass: HomeAssistant, url: str, token: str, fingerprint: str | None = None
) -> Trial:
    """Ask a server whether it is one for us and takes the token, which goes to nobody else."""
    if not token.isprintable():  # no header could carry it
        return Trial({CONF_TOKEN: "invalid_auth"})
    session = async_get_clientsession(hass)
    client = QuipgenClient(session, url, token, fingerprint, timeout=PATIENCE)
    try:
        await client.health()
        await client.progress()
    except UntrustedError:
        return await _look_at_certificate(url)
    except QuipgenError as error:
        return _failed(error)
    return Trial()


def _failed(error: QuipgenError) -> Trial:
    match error:
        case UnauthorizedError():
            return Trial({CONF_TOKEN: "invalid_auth"})
        case IncompatibleVersionError():
            versions = {"version": error.version, "compatible": f"{COMPATIBLE_MAJOR}.x"}
            return Trial({"base": "incompatible_version"}, versions)
        case NotQuipgenError() | LyingError():
            return Trial({"base": "not_quipgen"})
        case _:
            return Trial({"base": "cannot_connect"})


async def _look_at_certificate(url: str) -> Trial:
    try:
        shown = await shown_fingerprint(url, get_default_no_verify_context(), PATIENCE)
    except UnreachableError as error:
        return _failed(error)
    return Trial(fingerprint=shown)


def readable(fingerprint: str) -> str:
    """Write a fingerprint the way the server prints its own."""
    return bytes.fromhex(fingerprint).hex(":").upper()
