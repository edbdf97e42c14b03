"""Sounds to work on, and what an mp3 sounds like."""

import io

import av
import numpy as np
from av.container import InputContainer

from quipgen_server.audio import RATE, loudness_of
from quipgen_server.persona import Persona
from quipgen_server.voices import Samples, Speech
from quipgen_server.voices.espeak import Espeak


def a_tone(seconds: float, level: float = 0.1, rate: int = RATE) -> Samples:
    """440 Hz."""
    time = np.arange(round(seconds * rate)) / rate
    return (level * np.sin(2 * np.pi * 440 * time)).astype(np.float32)


def a_silence(seconds: float, rate: int = RATE) -> Samples:
    return np.zeros(round(seconds * rate), dtype=np.float32)


def a_clip() -> bytes:
    """A wav of some seconds in which somebody speaks."""
    [speech] = Espeak(Persona("Door")).speak(["I open for you, and for you alone. Mind the step."])
    return encoded(speech.samples, speech.rate)


def encoded(samples: Samples, rate: int, kind: str = "wav", codec: str = "pcm_s16le") -> bytes:
    buffer = io.BytesIO()
    with av.open(buffer, "w", format=kind) as container:
        stream = container.add_stream(codec, rate=rate, layout="mono")
        assert isinstance(stream, av.AudioStream)
        frame = av.AudioFrame.from_ndarray(samples[np.newaxis], "fltp", "mono")
        frame.sample_rate = rate
        size = stream.codec_context.frame_size or None
        resampler = av.AudioResampler(stream.format.name, "mono", rate, size)
        for part in [*resampler.resample(frame), *resampler.resample(None)]:
            container.mux(stream.encode(part))
        container.mux(stream.encode(None))
    return buffer.getvalue()


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
    assert speech.rate == RATE
    return loudness_of(speech.samples)


def peak(speech: Speech) -> float:
    """dBFS."""
    return float(20 * np.log10(np.abs(speech.samples).max()))


def tags(mp3: bytes) -> dict[str, str]:
    with av.open(io.BytesIO(mp3)) as container:
        return dict(container.metadata)
