"""A server's certificate, looked at before anything is told to the server."""

import asyncio
from hashlib import sha256
from ssl import SSLContext, SSLObject

from yarl import URL

from .errors import UnreachableError


async def shown_fingerprint(url: str, context: SSLContext, timeout: float) -> str:  # noqa: ASYNC109
    """Return the SHA-256 in hex of the certificate that is shown there, whoever vouches for it.

    `context` verifies nothing; `timeout` is in seconds. Raises UnreachableError.
    """
    address = URL(url)
    try:
        async with asyncio.timeout(timeout):
            _, writer = await asyncio.open_connection(address.host, address.port, ssl=context)
    except OSError as error:  # which a TimeoutError is too
        raise UnreachableError("No quipgen server answers there.") from error
    tls: SSLObject = writer.get_extra_info("ssl_object")
    certificate = tls.getpeercert(binary_form=True) or b""
    writer.transport.abort()
    return sha256(certificate).hexdigest()
