"""The sample of a voice: decoded where it can do no harm, and checked for a voice in it."""

import subprocess
import sys

import numpy as np

from quipgen_server.errors import ClipError

from . import Samples, Speech, decoder

LARGEST = 10 * 2**20  # bytes
LONGEST_WAIT = 30  # seconds
SHORTEST = 3.0  # seconds
USED = 15.0  # seconds; more teaches a voice no better
SILENT = 10 ** (-50 / 20)
PEAK = 10 ** (-3 / 20)
CLIPPED = 0.01  # of the samples
FULL_SCALE = 0.999
FRAME = decoder.RATE // 50
NOISE = 0.35  # spectral flatness: 0 is a whistle, white noise has 0.56, and speech below 0.2
ADVICE = "Give about ten seconds of one person speaking, as wav, mp3 or flac."


def read_clip(content: bytes) -> Speech:
    """Mono at 24 kHz, levelled, at most USED seconds of it. Raises ClipError. Blocks."""
    if len(content) > LARGEST:
        raise _refusal(f"It has more than {LARGEST // 2**20} MiB.")
    samples = _decoded(content)
    _check(samples)
    used = samples[: int(USED * decoder.RATE)]
    return Speech(used * np.float32(PEAK / np.abs(used).max()), decoder.RATE)


def _decoded(content: bytes) -> Samples:
    try:
        done = subprocess.run(  # noqa: S603  ourselves
            [sys.executable, "-I", decoder.__file__],
            input=content,
            capture_output=True,
            timeout=LONGEST_WAIT,
            check=True,
        )
    except subprocess.CalledProcessError as error:
        told = error.stderr.decode().strip() if error.returncode == decoder.REFUSED else ""
        raise _refusal(told or "It is damaged.") from error
    except subprocess.TimeoutExpired as error:
        raise _refusal("It takes too long to read.") from error
    return np.frombuffer(done.stdout, "<f4").astype(np.float32)


def _check(samples: Samples) -> None:
    if not np.isfinite(samples).all():
        raise _refusal("It holds values that are no numbers.")
    if len(samples) < SHORTEST * decoder.RATE:
        raise _refusal(f"It is shorter than {SHORTEST:.0f} seconds.")
    if np.sqrt(np.mean(samples**2)) < SILENT:
        raise _refusal("It is silent.")
    if np.mean(np.abs(samples) >= FULL_SCALE) > CLIPPED:
        raise _refusal("It is recorded far too loud.")
    if _flatness(samples) > NOISE:
        raise _refusal("It is noise.")


def _flatness(samples: Samples) -> float:
    """The median over frames of their geometric mean power by the arithmetic one."""
    frames = samples[: len(samples) // FRAME * FRAME].reshape(-1, FRAME)
    loud = frames[np.abs(frames).max(axis=1) > SILENT]
    power = np.abs(np.fft.rfft(loud * np.hanning(FRAME))) ** 2 + 1e-12
    return float(np.median(np.exp(np.log(power).mean(axis=1)) / power.mean(axis=1)))


def _refusal(reason: str) -> ClipError:
    return ClipError(f"The clip cannot be used: {reason} {ADVICE}")
