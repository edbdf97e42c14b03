"""From what a voice said to a levelled, tagged mp3."""

import io
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

import av
import numpy as np
from av.filter import Graph
from numpy.lib.stride_tricks import sliding_window_view

from .errors import AudioError
from .voices import Samples, Speech

RATE = 24_000  # samples a second
BIT_RATE = 64_000
LAME_GAIN = 0.95  # LAME turns all that it encodes down by this
LOUDNESS = -18.0  # LUFS
INAUDIBLE = -70.0  # LUFS, below which EBU R 128 measures nothing
CEILING = 10 ** (-2 / 20)  # coding adds most of a decibel, and no peak shall pass -1 dBFS
FRAME = RATE // 50
PAD = RATE // 20
FADE = RATE // 200
LOOK_AHEAD = RATE // 200
STEP = RATE // 10  # the meter's
FEWEST_STEPS = 4
SHORTEST = RATE // 5
LONGEST = 15.0  # seconds: half as long again as the longest line takes
CLIPPED = 0.01  # of the samples
FULL_SCALE = 0.999
QUIET = 10 ** (-35 / 20)  # of the loudest frame


@dataclass(frozen=True)
class Audio:
    """`duration` in seconds, `loudness` in LUFS."""

    mp3: bytes
    duration: float
    loudness: float


def finish(speech: Speech, title: str, artist: str, lead_silence: int = 0) -> Audio:
    """Trims, fades, levels and encodes, after `lead_silence` (ms) for an amplifier to wake up in.
    Raises AudioError on silence, garbage or a monologue.
    """
    if flaw := flaw_of(speech):
        raise flaw
    samples = level(fade(trim(resample(speech))))
    led = np.pad(samples, (lead_silence * RATE // 1000, 0))
    return Audio(_encode(led, title, artist), len(led) / RATE, loudness_of(samples))


def flaw_of(speech: Speech) -> AudioError | None:
    """What a voice had better say again."""
    samples = speech.samples
    if not np.isfinite(samples).all():
        return AudioError("The voice made a sound that is not a number.")
    if not samples.any():
        return AudioError("The voice was silent.")
    if len(samples) > LONGEST * speech.rate:
        return AudioError(f"The voice spoke for more than {LONGEST:.0f} seconds.")
    if np.mean(np.abs(samples) >= FULL_SCALE) > CLIPPED:
        return AudioError("The voice was clipped.")
    return None


def resample(speech: Speech) -> Samples:
    """To RATE, which all that follows expects."""
    resampler = av.AudioResampler("fltp", "mono", RATE)
    frames = [*resampler.resample(_frame(speech.samples, speech.rate)), *resampler.resample(None)]
    return np.concatenate([frame.to_ndarray()[0] for frame in frames], dtype=np.float32)


def trim(samples: Samples) -> Samples:
    """Without the quiet before and after, but for a short pad."""
    whole = len(samples) // FRAME * FRAME
    power = np.sqrt(np.mean(samples[:whole].reshape(-1, FRAME) ** 2, axis=1))
    loud = np.flatnonzero(power > QUIET * power.max(initial=0))
    first, last = (loud[0], loud[-1]) if loud.size else (0, 0)
    trimmed = samples[max(0, first * FRAME - PAD) : (last + 1) * FRAME + PAD]
    if len(trimmed) < SHORTEST:
        raise AudioError("The voice hardly said a thing.")
    return trimmed


def fade(samples: Samples) -> Samples:
    """From and to silence, so that nothing clicks."""
    ramp = np.linspace(0, 1, FADE, dtype=np.float32)
    faded = samples.copy()
    faded[:FADE] *= ramp
    faded[-FADE:] *= ramp[::-1]
    return faded


def level(samples: Samples) -> Samples:
    """To LOUDNESS, with the peaks that this raises above CEILING held down."""
    loudness = loudness_of(samples)
    if loudness <= INAUDIBLE:
        raise AudioError("The voice cannot be heard.")
    return _limit(samples * np.float32(10 ** ((LOUDNESS - loudness) / 20)))


def loudness_of(samples: Samples) -> float:
    """In LUFS by EBU R 128, with silence up to the end of its last step."""
    steps = max(FEWEST_STEPS, -(-len(samples) // STEP))
    padded = np.pad(samples, (0, steps * STEP - len(samples)))
    *_, last = _metered(padded)
    return float(last["lavfi.r128.I"])


def _metered(samples: Samples) -> Iterator[dict[str, str]]:
    """What the meter tells at the end of each step, of all up to there."""
    graph = Graph()
    source = graph.add_abuffer(format="fltp", layout="mono", sample_rate=RATE)
    meter = graph.add("ebur128", "metadata=1:framelog=quiet")
    graph.link_nodes(source, meter, graph.add("abuffersink")).configure()
    graph.push(_frame(samples, RATE))
    graph.push(None)
    with suppress(av.EOFError):
        while True:
            yield graph.pull().metadata


def _limit(samples: Samples) -> Samples:
    """Turns down smoothly around each peak: the least gain nearby, averaged over that window."""
    window = np.hanning(2 * LOOK_AHEAD + 1)
    needed = CEILING / np.maximum(np.abs(samples), CEILING)
    padded = np.pad(needed, 2 * LOOK_AHEAD, mode="edge")
    lowest = sliding_window_view(padded, len(window)).min(axis=1)
    gain = np.convolve(lowest, window / window.sum(), mode="valid")
    return samples * gain.astype(np.float32)


def _encode(samples: Samples, title: str, artist: str) -> bytes:
    buffer = io.BytesIO()
    with av.open(buffer, "w", format="mp3") as container:
        container.metadata.update(title=title, artist=artist)
        stream = container.add_stream("libmp3lame", rate=RATE, layout="mono", bit_rate=BIT_RATE)
        container.mux(stream.encode(_frame(samples / np.float32(LAME_GAIN), RATE)))
        container.mux(stream.encode(None))
    return buffer.getvalue()


def _frame(samples: Samples, rate: int) -> av.AudioFrame:
    frame = av.AudioFrame.from_ndarray(samples[np.newaxis], "fltp", "mono")
    frame.sample_rate = rate
    return frame
