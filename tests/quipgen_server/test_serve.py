"""The command `quipgen serve`, as another program starts and ends it."""

import asyncio
import os
import re
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession

from quipgen_server.order import check_order
from quipgen_server.serve import serve
from quipgen_server.settings import Settings
from quipgen_server.studio import Studio

from .actors import Actor
from .client import TOKEN, an_order
from .writers import CorpusWriter, SlowWriter

HEADERS = {"Authorization": f"Bearer {TOKEN}"}
LONGEST_END = 10


@asynccontextmanager
async def quipgen(*arguments: str) -> AsyncIterator[tuple[Process, str]]:
    """The running process and its address."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "quipgen_server", "serve", "--port", "0", *arguments),
        env=os.environ | {"QUIPGEN_TOKEN": TOKEN, "QUIPGEN_TLS": "false"},
        stdout=PIPE,
        stderr=PIPE,
    )
    assert process.stdout
    try:
        line = await asyncio.wait_for(process.stdout.readline(), 60)
        address = re.search(rb"http://127\.0\.0\.1:\d+", line)
        assert address, line
        yield process, address[0].decode()
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_ends_it_cleanly(number: signal.Signals, tiny_model: Path) -> None:
    async with quipgen("--model", str(tiny_model)) as (process, address), ClientSession() as http:
        async with http.get(f"{address}/health/") as answer:
            assert answer.status == 200
        process.send_signal(number)
        _, log = await asyncio.wait_for(process.communicate(), LONGEST_END)
        assert process.returncode == 0
        assert b"Traceback" not in log


async def test_a_signal_in_the_middle_of_a_batch_ends_it_cleanly(tiny_model: Path) -> None:
    async with quipgen("--model", str(tiny_model)) as (process, address), ClientSession() as http:
        async with http.post(f"{address}/batch/", json=an_order(200), headers=HEADERS) as answer:
            assert answer.status == 202
        stage = "loading"
        while stage == "loading":
            await asyncio.sleep(0.05)
            async with http.get(f"{address}/health/") as answer:
                stage = (await answer.json())["stage"]
        process.terminate()
        _, log = await asyncio.wait_for(process.communicate(), LONGEST_END)
        assert process.returncode == 0
        assert b"Traceback" not in log
        assert TOKEN.encode() not in log


async def test_the_built_in_model_makes_a_batch() -> None:
    async with quipgen() as (_, address), ClientSession(headers=HEADERS) as http:
        async with http.post(f"{address}/batch/", json=an_order(5)) as answer:
            assert answer.status == 202
        progress: dict[str, Any] = {"finished": False}
        async with asyncio.timeout(120):
            while not progress["finished"]:
                await asyncio.sleep(0.2)
                async with http.get(f"{address}/quip_progress/") as answer:
                    progress = await answer.json()
        assert progress["error"] is None
        assert progress["created"] == 5


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
async def test_the_address_it_prints_is_where_it_listens(
    host: str, capsys: pytest.CaptureFixture[str]
) -> None:
    studio = Studio(CorpusWriter, Actor(["speaks"]))
    server = asyncio.create_task(serve(Settings(host=host, port=0, tls=False), TOKEN, studio))
    printed = ""
    while not printed:
        await asyncio.sleep(0.01)
        printed = capsys.readouterr().out
    address = printed.split()[-1]
    async with ClientSession() as http, http.get(f"{address}/health/") as answer:
        assert answer.status == 200
    os.kill(os.getpid(), signal.SIGTERM)
    await asyncio.wait_for(server, LONGEST_END)


async def test_ending_does_not_wait_for_a_slow_model(capsys: pytest.CaptureFixture[str]) -> None:
    studio = Studio(SlowWriter, Actor(["speaks"]))
    server = asyncio.create_task(serve(Settings(port=0, tls=False), TOKEN, studio))
    while not capsys.readouterr().out:  # noqa: ASYNC110  what it prints has no event
        await asyncio.sleep(0.01)
    studio.start(check_order(an_order()))
    os.kill(os.getpid(), signal.SIGTERM)
    await asyncio.wait_for(server, LONGEST_END)
