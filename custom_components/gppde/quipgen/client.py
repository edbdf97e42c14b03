"""Speaks with a quipgen server over HTTP."""

from collections.abc import Mapping
from contextlib import suppress
from http import HTTPStatus
from io import BytesIO
from typing import Any

from aiohttp import (
    ClientConnectorCertificateError,
    ClientConnectorError,
    ClientError,
    ClientResponse,
    ClientSession,
    ClientSSLError,
    ClientTimeout,
    Fingerprint,
    NonHttpUrlClientError,
    ServerFingerprintMismatch,
)
from yarl import URL

from ..words import Words
from .answers import BatchProgress, Health, message_of, parse_batch, parse_object, parse_voice
from .errors import (
    BadClipError,
    BusyError,
    LyingError,
    NoCloningError,
    NotQuipgenError,
    QuipgenError,
    RejectedError,
    TooLargeError,
    UnauthorizedError,
    UnreachableError,
    UntrustedError,
)

TIMEOUT = 30
PATIENCE = 10
"""How many times longer what is large may take than the rest, as long as it keeps coming."""
LARGEST_ANSWER = 64 * 2**10
LARGEST_ARCHIVE = 64 * 2**20
CHUNK = 64 * 2**10

REFUSALS = {HTTPStatus.BAD_REQUEST, HTTPStatus.UNPROCESSABLE_ENTITY}
NARROWER = {"clip": BadClipError, "no_cloning_voice": NoCloningError}


class QuipgenClient:
    """One server. Every call raises QuipgenError's children.

    `fingerprint`, a SHA-256 in hex, pins the server's certificate.
    """

    def __init__(
        self,
        session: ClientSession,
        url: str,
        token: str,
        fingerprint: str | None = None,
        timeout: float = TIMEOUT,
    ) -> None:
        self._session = session
        self._url = url
        self._token = token
        self._ssl = Fingerprint(bytes.fromhex(fingerprint)) if fingerprint else True
        self._timeout = timeout

    async def health(self) -> Health:
        """Ask, without showing the token, whether this is a server for us."""
        try:
            return Health.parse(await self._call("GET", "health/", anonymous=True))
        except LyingError as error:
            raise NotQuipgenError("What answers there is not a quipgen server.") from error

    async def start_batch(self, order: Mapping[str, object]) -> str:
        """Start a batch and return its id."""
        return parse_batch(await self._call("POST", "batch/", json=order))

    async def progress(self) -> BatchProgress:
        """Tell how far the latest batch is."""
        return BatchProgress.parse(await self._call("GET", "quip_progress/"))

    async def quips(self, after: int = 0) -> bytes:
        """Return an archive of the quips made so far, without the first `after` of them."""
        return await self._call(
            "GET",
            "quips/",
            params={"after": after},
            largest=LARGEST_ARCHIVE,
            seconds=PATIENCE * self._timeout,
        )

    async def add_voice(self, clip: bytes) -> str:
        """Send a sample of a voice and return its name, which an order may give as a voice."""
        answer = await self._call(
            "POST",
            "voices/",
            data=BytesIO(clip),
            seconds=PATIENCE * self._timeout,
        )
        return parse_voice(answer, clip)

    async def dismiss(self) -> None:
        """Let the server end itself, or become idle where its machine is not its own."""
        await self._call("POST", "server_dismissed/")

    async def _call(
        self,
        method: str,
        path: str,
        *,
        anonymous: bool = False,
        largest: int = LARGEST_ANSWER,
        seconds: float | None = None,
        **request: Any,
    ) -> bytes:
        headers = {"Accept-Encoding": "identity"}
        if not anonymous:
            headers["Authorization"] = f"Bearer {self._token}"
        timeout = ClientTimeout(total=seconds or self._timeout, sock_read=self._timeout)
        try:
            async with self._session.request(
                method,
                URL(self._url) / path,
                headers=headers,
                allow_redirects=False,
                ssl=self._ssl,
                timeout=timeout,
                **request,
            ) as response:
                return _check(response, await _read(response, largest))
        except (ServerFingerprintMismatch, ClientConnectorCertificateError) as error:
            raise UntrustedError(
                "The quipgen server's certificate is not the expected one.",
            ) from error
        # A ValueError is what becomes of an address that is none.
        except (ClientError, TimeoutError, OSError, ValueError) as error:
            raise UnreachableError(
                "No quipgen server answers: {reason}.", reason=_reason(error)
            ) from error


async def _read(response: ClientResponse, largest: int) -> bytes:
    body = bytearray()
    async for chunk in response.content.iter_chunked(CHUNK):
        body += chunk
        if len(body) > largest:
            raise LyingError(
                "The quipgen server's answer is larger than {largest} bytes.", largest=largest
            )
    return bytes(body)


def _check(response: ClientResponse, body: bytes) -> bytes:
    if HTTPStatus.OK <= response.status < HTTPStatus.MULTIPLE_CHOICES:
        return body
    raise _error(response.status, body)


def _error(status: int, body: bytes) -> QuipgenError:
    if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        return UnauthorizedError("The quipgen server does not take the token.")
    if status == HTTPStatus.REQUEST_TIMEOUT:
        return UnreachableError("The way to the quipgen server is too slow.")
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return UnreachableError("The quipgen server has a fault (HTTP {status}).", status=status)
    with suppress(LyingError):
        if refusal := _refusal(status, parse_object(body)):
            return refusal
    return NotQuipgenError(
        "What answers there is not a quipgen server (HTTP {status}).", status=status
    )


def _refusal(status: int, answer: Mapping[str, Any]) -> QuipgenError | None:
    if status == HTTPStatus.CONFLICT:
        batch = answer.get("batch")
        return BusyError(batch if isinstance(batch, str) else None)
    if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        return TooLargeError("{message}", message=message_of(answer))
    if status in REFUSALS:
        kind = NARROWER.get(str(answer.get("error")), RejectedError)
        return kind("{message}", message=message_of(answer))
    return None


def _reason(error: Exception) -> Words:
    match error:
        case TimeoutError():
            return Words("it takes too long")
        case ClientSSLError():
            return Words("it does not speak TLS")
        case ClientConnectorError():
            return Words("nothing listens there")
        case ValueError() | NonHttpUrlClientError():
            return Words("the address is not one")
        case _:
            return Words("the connection broke")
