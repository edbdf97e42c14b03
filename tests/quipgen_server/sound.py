"""Sounds to work on, and what an mp3 sounds like."""

import io

import av
import numpy as np
import pyloudnorm
from av.container import InputContainer

from quipgen_server.audio import RATE
from quipgen_server.voices import Samples, Speech


def a_tone(seconds: float, level: float = 0.1, rate: int = RATE) -> Samples:
    """440 Hz."""
    time = np.arange(round(seconds * rate)) / rate
    return (level * np.sin(2 * np.pi * 440 * time)).astype(np.float32)


def a_silence(seconds: float, rate: int = RATE) -> Samples:
    return np.zeros(round(seconds * rate), dtype=np.float32)


def heard(mp3: bytes) -> Speech:
    """What a player makes of it."""
    with av.open(io.BytesIO(mp3)) as container:
        assert isinstance(container, InputContainer)
        [stream] = container.streams
        assert isinstance(stream, av.AudioStream)
        assert (stream.codec_context.name, stream.layout.name) == ("mp3float", "mono")
        frames = [frame.to_ndarray()[0] for frame in container.decode(stream)]
        return Speech(np.concatenate(frames, dtype=np.float32), stream.rate)


def loudness(speech: Speech) -> float:
    """LUFS."""
    return float(pyloudnorm.Meter(speech.rate).integrated_loudness(speech.samples))


def peak(speech: Speech) -> float:
    """dBFS."""
    return float(20 * np.log10(np.abs(speech.samples).max()))


def tags(mp3: bytes) -> dict[str, str]:
    with av.open(io.BytesIO(mp3)) as container:
        return dict(container.metadata)
