"""Decodes a clip that a stranger sent: a process of its own, `python -m`, with little to spend.

Reads the file from standard input; writes RATE mono samples a second to standard output, as
little-endian float32. Says on standard error what is wrong, and ends with REFUSED.
"""

import io
import resource
import sys
from collections.abc import Iterator

import av
import numpy as np

RATE = 24_000
LONGEST = 60  # seconds
REFUSED = 3
MOST_MEMORY = 2 * 2**30  # bytes of address space, of which libraries map much and use little
MOST_CPU = 20  # seconds
HIGHEST_RATE = 192_000
MOST_CHANNELS = 8
SIGNATURES = {b"RIFF": "wav", b"fLaC": "flac", b"ID3": "mp3"}
MP3_SYNC = 0xFFE0
CODECS = ("pcm_", "mp3", "flac", "adpcm_")


class Refused(Exception):  # noqa: N818  it is an answer, not a failure
    """The clip is not one; the text tells why."""


def main() -> int:
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_CPU, MOST_CPU))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    try:
        samples = decode(sys.stdin.buffer.read())
    except Refused as refused:
        print(refused, file=sys.stderr)  # noqa: T201
        return REFUSED
    sys.stdout.buffer.write(samples.astype("<f4").tobytes())
    return 0


def decode(content: bytes) -> "np.ndarray[tuple[int], np.dtype[np.float32]]":
    """At most LONGEST seconds. Raises Refused."""
    pieces: list[np.ndarray] = []
    length = 0
    try:
        for piece in _pieces(content):
            pieces.append(piece)
            length += len(piece)
            if length > LONGEST * RATE:
                raise Refused(f"It is longer than {LONGEST} seconds.")
    except (av.FFmpegError, ValueError, MemoryError) as error:
        raise Refused("It is damaged.") from error
    if not pieces:
        raise Refused("It holds no sound.")
    return np.concatenate(pieces)


def _pieces(content: bytes) -> Iterator[np.ndarray]:
    resampler = av.AudioResampler("fltp", "mono", RATE)
    with av.open(io.BytesIO(content), "r", format=_format(content)) as container:
        if not container.streams.audio:
            raise Refused("It holds no sound.")
        stream = container.streams.audio[0]
        context = stream.codec_context
        if context is None or not context.name.startswith(CODECS):
            raise Refused("It is no wav, mp3 or flac.")
        if not 0 < context.sample_rate <= HIGHEST_RATE or context.channels > MOST_CHANNELS:
            raise Refused("No voice is recorded in such a way.")
        for frame in container.decode(stream):
            for part in resampler.resample(frame):
                yield part.to_ndarray()[0]
        for part in resampler.resample(None):
            yield part.to_ndarray()[0]


def _format(content: bytes) -> str:
    """By its first bytes, since a demuxer that guesses may follow a playlist anywhere."""
    for signature, name in SIGNATURES.items():
        if content.startswith(signature):
            return name
    if int.from_bytes(content[:2], "big") & MP3_SYNC == MP3_SYNC:
        return "mp3"
    raise Refused("It is no wav, mp3 or flac.")


if __name__ == "__main__":
    sys.exit(main())
