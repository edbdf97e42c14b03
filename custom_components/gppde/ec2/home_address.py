"""Under which address this home is seen from AWS."""

from http import HTTPStatus
from ipaddress import AddressValueError, IPv4Address

from aiohttp import ClientError, ClientSession, ClientTimeout

from ..errors import SourceError

ASKED = "https://checkip.amazonaws.com/"
PATIENCE = ClientTimeout(total=10)
LONGEST = 64


async def home_address(session: ClientSession) -> str:
    """Return the public IPv4 address, which AWS itself tells. Raises SourceError."""
    try:
        async with session.get(ASKED, timeout=PATIENCE) as answer:
            told = (await answer.content.read(LONGEST)).decode(errors="replace").strip()
            if answer.status == HTTPStatus.OK:
                return str(IPv4Address(told))
    except (ClientError, TimeoutError, AddressValueError) as error:
        raise _unknown() from error
    raise _unknown()


def _unknown() -> SourceError:
    return SourceError(
        "Nobody told under which IPv4 address your home is seen, so no instance could let it in. "
        "Home Assistant must reach {url}.",
        url=ASKED,
    )
