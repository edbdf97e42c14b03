"""Is a certificate looked at before anything is told, and is no other trusted then?"""

import asyncio
import ssl
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from custom_components.gppde.quipgen import (
    QuipgenClient,
    UnreachableError,
    UntrustedError,
    shown_fingerprint,
)
from tests.gppde.certificates import self_signed

from .answering import PROGRESS, TOKEN, Connect, says


async def test_a_pinned_certificate_is_the_only_one_that_is_trusted(
    session: aiohttp.ClientSession, tmp_path: Path
) -> None:
    context, fingerprint = self_signed(tmp_path)
    app = web.Application()
    app.router.add_get("/quip_progress/", says(PROGRESS))
    server = TestServer(app, host="127.0.0.1", scheme="https")
    await server.start_server(ssl=context)
    url = str(server.make_url("/"))
    assert (await QuipgenClient(session, url, TOKEN, fingerprint).progress()).batch == "b-1"
    # The server tells the loop of everyone who hangs up on it.
    asyncio.get_running_loop().set_exception_handler(lambda *_: None)
    for wrong in ("00" * 32, None):
        with pytest.raises(UntrustedError, match="certificate"):
            await QuipgenClient(session, url, TOKEN, wrong).progress()
    no_verify = ssl.create_default_context()
    no_verify.check_hostname, no_verify.verify_mode = False, ssl.CERT_NONE
    assert await shown_fingerprint(url, no_verify, 5) == fingerprint
    await server.close()


async def test_nobody_there_has_no_certificate(socket_enabled: None) -> None:
    with pytest.raises(UnreachableError):
        await shown_fingerprint("https://127.0.0.1:9", ssl.create_default_context(), 5)


async def test_a_server_without_tls_is_not_blamed_for_its_certificate(
    session: aiohttp.ClientSession, connect: Connect
) -> None:
    client = await connect(says(PROGRESS))
    url = client._url.replace("http:", "https:")
    with pytest.raises(UnreachableError, match="does not speak TLS"):
        await QuipgenClient(session, url, TOKEN).progress()
