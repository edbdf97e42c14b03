"""Clips that strangers send."""

import io
import subprocess
import wave
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quipgen_server.errors import ClipError
from quipgen_server.persona import Persona
from quipgen_server.voices import Samples, clip, decoder
from quipgen_server.voices.clip import read_clip
from quipgen_server.voices.espeak import Espeak

from ..sound import a_silence, a_tone, encoded

LINES = ["I open for you, and for you alone.", "You are late, and the soup is cold again."]


@pytest.fixture(scope="module")
def voice() -> tuple[Samples, int]:
    speeches = Espeak(Persona("Door")).speak(LINES)
    return np.concatenate([speech.samples for speech in speeches]), speeches[0].rate


@pytest.mark.parametrize(
    ("kind", "codec"), [("wav", "pcm_s16le"), ("mp3", "libmp3lame"), ("flac", "flac")]
)
def test_a_voice_is_read_in_every_format(voice: tuple[Samples, int], kind: str, codec: str) -> None:
    speech = read_clip(encoded(*voice, kind, codec))
    assert speech.rate == 24_000
    assert len(speech.samples) / 24_000 == pytest.approx(len(voice[0]) / voice[1], abs=0.1)
    assert np.abs(speech.samples).max() == pytest.approx(clip.PEAK, abs=0.01)


def test_of_a_long_clip_the_beginning_is_used(voice: tuple[Samples, int]) -> None:
    samples, rate = voice
    speech = read_clip(encoded(np.tile(samples, 8), rate))
    assert len(speech.samples) == clip.USED * 24_000


def float_wav(samples: Samples) -> bytes:
    data = samples.astype("<f4").tobytes()
    head = b"WAVEfmt " + (16).to_bytes(4, "little") + b"\x03\x00\x01\x00"
    head += (24_000).to_bytes(4, "little") + (96_000).to_bytes(4, "little") + b"\x04\x00\x20\x00"
    body = head + b"data" + len(data).to_bytes(4, "little") + data
    return b"RIFF" + len(body).to_bytes(4, "little") + body


def ten_hours() -> bytes:
    """Of silence, which flac packs into little."""
    silence = ["-f", "lavfi", "-i", "anullsrc=r=8000:cl=mono", "-t", "36000"]
    command = ["ffmpeg", "-v", "error", *silence, "-c:a", "flac", "-f", "flac", "-"]
    return subprocess.run(command, capture_output=True, check=True).stdout


def wav(channels: int, seconds: float) -> bytes:
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as sound:
        sound.setnchannels(channels)
        sound.setsampwidth(2)
        sound.setframerate(24_000)
        sound.writeframes(bytes(2 * channels * round(seconds * 24_000)))
    return buffer.getvalue()


BAD: dict[str, tuple[Callable[[], bytes], str]] = {
    "nothing": (lambda: b"", "no wav, mp3 or flac"),
    "a zip": (lambda: b"PK\x03\x04" + bytes(1000), "no wav, mp3 or flac"),
    "a text": (lambda: b"RIFF, said the door.", "damaged"),
    "a playlist": (lambda: b"#EXTM3U\nfile:///etc/passwd\n", "no wav, mp3 or flac"),
    "no sound": (lambda: wav(1, 0), "no sound|damaged"),
    "silence": (lambda: encoded(a_silence(5), 24_000), "silent"),
    "a word": (lambda: encoded(a_tone(1), 24_000), "shorter than 3 seconds"),
    "noise": (
        lambda: encoded(
            np.random.default_rng(1).normal(0, 0.1, 120_000).astype(np.float32), 24_000
        ),
        "noise",
    ),
    "shouting": (lambda: encoded(np.clip(a_tone(5, level=9), -1, 1), 24_000), "too loud"),
    "no numbers": (lambda: float_wav(np.full(120_000, np.nan, np.float32)), "no numbers|damaged"),
    "a minute too long": (lambda: encoded(a_tone(61), 24_000), "longer than 60 seconds"),
    "ten hours": (ten_hours, "longer than 60 seconds"),
    "too large": (lambda: bytes(clip.LARGEST + 1), "more than 10 MiB"),
}


@pytest.mark.parametrize(("content", "reason"), BAD.values(), ids=BAD)
def test_what_is_no_voice_is_refused_with_advice(content: Callable[[], bytes], reason: str) -> None:
    with pytest.raises(ClipError, match=rf"({reason}).*Give about ten seconds"):
        read_clip(content())


def test_a_clip_that_takes_for_ever_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clip, "LONGEST_WAIT", 0.01)
    with pytest.raises(ClipError, match="too long to read"):
        read_clip(b"RIFF")


def test_many_channels_are_refused() -> None:
    with pytest.raises(decoder.Refused, match=r"No voice|damaged"):
        decoder.decode(wav(32, 1))


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_damaged_clip_is_read_or_refused_and_never_crashes(
    voice: tuple[Samples, int], data: st.DataObject
) -> None:
    """In the decoder's own code, but without its process, for the sake of many examples."""
    kind, codec = data.draw(st.sampled_from([("wav", "pcm_s16le"), ("flac", "flac")]))
    content = bytearray(encoded(voice[0][:24_000], voice[1], kind, codec))
    for _ in range(data.draw(st.integers(1, 12))):
        content[data.draw(st.integers(0, min(400, len(content) - 1)))] = data.draw(
            st.integers(0, 255)
        )
    cut = data.draw(st.integers(0, len(content)))
    try:
        samples = decoder.decode(bytes(content[:cut]))
    except decoder.Refused:
        return
    assert len(samples) <= (decoder.LONGEST + 1) * decoder.RATE


@given(st.binary(max_size=400), st.sampled_from([b"RIFF", b"fLaC", b"ID3", b"\xff\xfb", b""]))
def test_any_bytes_are_read_or_refused(content: bytes, start: bytes) -> None:
    try:
        decoder.decode(start + content)
    except decoder.Refused:
        return
