"""Does a server that can clone speak like the clip it is sent, and one that cannot say so?"""

import asyncio
import subprocess
from collections.abc import Iterator
from contextlib import aclosing
from pathlib import Path

import pytest

from custom_components.gppde.const import Tone
from custom_components.gppde.errors import ClipRefusedError, CloningError
from custom_components.gppde.flows.clip import LARGEST
from custom_components.gppde.quipgen import (
    BadClipError,
    NoCloningError,
    QuipgenClient,
    TooLargeError,
    UnauthorizedError,
)
from custom_components.gppde.sources import Brief, Made, Order, Progress, Ticket, following
from custom_components.gppde.sources.server import ServerSource
from tests.gppde.clips import WAV, clip_id

from .serving import ENVIRONMENTS, ROOT, Connect, Serving, quipgen_serving

LONGEST_ORDER = 120
MAKE_CLIP_AND_MODEL = """
import sys
from pathlib import Path
from tests.quipgen_server.sound import a_clip
from tests.quipgen_server.voices.tiny_pocket import save_tiny_pocket
folder = Path(sys.argv[1])
(folder / "clip.wav").write_bytes(a_clip())
save_tiny_pocket(folder / "model")
"""
HINGE = Brief(name="Hinge", description="A cheerful door.", tone=Tone.SUNNY, voice="")


@pytest.fixture(autouse=True)
def little_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "POLL", 0.05)


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clip in which somebody speaks, and a model of no size that mumbles like it."""
    folder = tmp_path_factory.mktemp("studio")
    python = ENVIRONMENTS / "server/bin/python"
    subprocess.run([python, "-c", MAKE_CLIP_AND_MODEL, folder], cwd=ROOT, check=True)
    return folder


@pytest.fixture(scope="module")
def clip(studio: Path) -> bytes:
    return (studio / "clip.wav").read_bytes()


@pytest.fixture(scope="module")
def cloning(studio: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """A server with the voice that the integration tells a person to start it with."""
    flags = ("--voice-engine", "pocket-tts", "--voice-model", studio / "model")
    with quipgen_serving(tmp_path_factory.mktemp("cloning"), *flags) as serving:
        yield serving


async def made(client: QuipgenClient, clip: bytes) -> list[Made]:
    """Return what a source makes for a persona with that clip."""

    async def the_clip() -> bytes:
        return clip

    async def keep(_: Ticket) -> None:
        pass

    order = Order(brief=HINGE, count=2, avoid=[], clip=the_clip)
    async with (
        asyncio.timeout(LONGEST_ORDER),
        aclosing(ServerSource(client).make(order, None, keep)) as events,
    ):
        came = [event async for event in events]
    assert not [event.trouble for event in came if isinstance(event, Progress) and event.trouble]
    return [event for event in came if isinstance(event, Made)]


async def test_quips_are_spoken_like_the_clip(
    connect: Connect, cloning: Serving, clip: bytes
) -> None:
    quips = await made(connect(cloning), clip)
    assert [it.quip.voice for it in quips] == ["pocket-tts clone"] * 2
    assert all(len(it.mp3) > 1000 for it in quips)


async def test_a_clip_has_the_same_name_on_both_sides(
    connect: Connect, cloning: Serving, clip: bytes
) -> None:
    client = connect(cloning)
    assert await client.add_voice(clip) == await client.add_voice(clip) == clip_id(clip)


@pytest.mark.parametrize("noise", [b"", b"hello", WAV], ids=["empty", "text", "nobody"])
async def test_what_is_no_voice_is_refused_in_words(
    connect: Connect, cloning: Serving, noise: bytes
) -> None:
    with pytest.raises(BadClipError, match="wav, mp3 or flac"):
        await connect(cloning).add_voice(noise)
    with pytest.raises(ClipRefusedError, match="cannot be used"):
        await made(connect(cloning), noise)


async def test_a_clip_that_the_form_takes_is_not_too_large_for_the_server(
    connect: Connect, cloning: Serving, clip: bytes
) -> None:
    client = connect(cloning)
    with pytest.raises(TooLargeError):
        await client.add_voice(clip + bytes(LARGEST))
    largest = clip + bytes(LARGEST - len(clip))
    assert await client.add_voice(largest) == clip_id(largest)


async def test_without_the_token_no_clip_is_taken(
    connect: Connect, cloning: Serving, clip: bytes
) -> None:
    with pytest.raises(UnauthorizedError):
        await connect(cloning, "a wrong token, long enough").add_voice(clip)


async def test_a_server_whose_voice_cannot_be_cloned_says_so_and_begins_nothing(
    client: QuipgenClient, clip: bytes
) -> None:
    with pytest.raises(NoCloningError, match="--voice-engine pocket-tts"):
        await client.add_voice(clip)
    with pytest.raises(CloningError):
        await made(client, clip)
    assert (await client.progress()).batch is None
