"""From what a voice said to a levelled, tagged mp3."""

import io
from dataclasses import dataclass

import av
import numpy as np
import pyloudnorm

from .errors import AudioError
from .voices import Samples, Speech

RATE = 24_000  # samples a second
BIT_RATE = 64_000
LOUDNESS = -18.0  # LUFS
HIGHEST_PEAK = 10 ** (-1 / 20)  # -1 dBFS
FRAME = 0.020  # seconds, as are all that follow
PAD = 0.050
FADE = 0.005
SHORTEST_MEASURED = 0.4
SHORTEST = 0.2
LONGEST = 30.0
QUIET = 10 ** (-35 / 20)  # of the loudest frame


@dataclass(frozen=True)
class Audio:
    """`duration` in seconds, `loudness` in LUFS."""

    mp3: bytes
    duration: float
    loudness: float


def finish(speech: Speech, title: str, artist: str) -> Audio:
    """Trims, fades, levels and encodes. Raises AudioError on silence, noise data or a monologue."""
    samples = level(fade(trim(_checked(speech)), speech.rate), speech.rate)
    return Audio(
        mp3=_encode(Speech(samples, speech.rate), title, artist),
        duration=len(samples) / speech.rate,
        loudness=loudness_of(samples, speech.rate),
    )


def _checked(speech: Speech) -> Speech:
    if not np.isfinite(speech.samples).all():
        raise AudioError("The voice made a sound that is not a number.")
    if len(speech.samples) > LONGEST * speech.rate:
        raise AudioError(f"The voice spoke for more than {LONGEST:.0f} seconds.")
    return speech


def trim(speech: Speech) -> Samples:
    """Without the quiet before and after, but for a short pad."""
    frame = int(FRAME * speech.rate)
    whole = len(speech.samples) // frame * frame
    power = np.sqrt(np.mean(speech.samples[:whole].reshape(-1, frame) ** 2, axis=1))
    if not power.any():
        raise AudioError("The voice was silent.")
    loud = np.flatnonzero(power > QUIET * power.max())
    pad = int(PAD * speech.rate)
    trimmed = speech.samples[max(0, loud[0] * frame - pad) : (loud[-1] + 1) * frame + pad]
    if len(trimmed) < SHORTEST * speech.rate:
        raise AudioError("The voice hardly said a thing.")
    return trimmed


def fade(samples: Samples, rate: int) -> Samples:
    ramp = np.linspace(0, 1, int(FADE * rate), dtype=np.float32)
    faded = samples.copy()
    faded[: len(ramp)] *= ramp
    faded[-len(ramp) :] *= ramp[::-1]
    return faded


def level(samples: Samples, rate: int) -> Samples:
    """To LOUDNESS, or as near as the highest peak allows."""
    gain = 10 ** ((LOUDNESS - loudness_of(samples, rate)) / 20)
    return samples * np.float32(min(gain, HIGHEST_PEAK / np.abs(samples).max()))


def loudness_of(samples: Samples, rate: int) -> float:
    """In LUFS; a clip too short to measure is measured with silence after it."""
    missing = int(SHORTEST_MEASURED * rate) + 1 - len(samples)
    padded = np.pad(samples, (0, max(0, missing)))
    return float(pyloudnorm.Meter(rate).integrated_loudness(padded))


def _encode(speech: Speech, title: str, artist: str) -> bytes:
    buffer = io.BytesIO()
    with av.open(buffer, "w", format="mp3") as container:
        container.metadata.update(title=title, artist=artist)
        stream = container.add_stream("libmp3lame", rate=RATE, layout="mono", bit_rate=BIT_RATE)
        resampler = av.AudioResampler("fltp", "mono", RATE)
        frame = av.AudioFrame.from_ndarray(speech.samples[np.newaxis], "fltp", "mono")
        frame.sample_rate = speech.rate
        for resampled in [*resampler.resample(frame), *resampler.resample(None)]:
            container.mux(stream.encode(resampled))
        container.mux(stream.encode(None))
    return buffer.getvalue()
