"""Text to mp3 on this machine: a process for each quip, one candidate at a time, the pipeline.

Each quip is the best by mood of its share of the candidates.
"""

import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from unittest.mock import patch

from quipgen_server import batch
from quipgen_server.audio import finish
from quipgen_server.batch import Batch
from quipgen_server.mood import Line, mood_of
from quipgen_server.order import Order
from quipgen_server.quip import Quip
from quipgen_server.quippy import Quippy
from quipgen_server.voices import Voice
from quipgen_server.voices.espeak import Espeak

from .plain import without_ends, written_plainly
from .shapes import DOOR

QUIPS = 10
CANDIDATES = 64
TOKENS = 24
ORIGINAL_QUIPS = 3
ORIGINAL_SAMPLES = 10
ORIGINAL_TOKENS = 100
PLAIN_QUIPS = 2
SPOKEN = 36  # letters of noise, which take as long to say as the four seconds of a real quip


@dataclass(frozen=True)
class Row:
    """`first` in seconds; `memory` in MB at its peak; `model` is the share of time inside it."""

    way: str
    quips_a_minute: float
    tokens_a_second: float
    first: float
    memory: float
    model: float | None = None


def voiced(text: str, voice: Voice) -> bytes:
    [speech] = voice.speak([text[:SPOKEN]])
    return finish(speech, text, DOOR.name).mp3


def best(texts: list[str]) -> str:
    return max(texts, key=mood_of)


def original(folder: Path) -> None:
    """One quip, by the way of the original: everything is loaded for it and thrown away after."""
    model = Quippy.load(folder)
    voiced(best(written_plainly(model, ORIGINAL_SAMPLES, ORIGINAL_TOKENS)), Espeak(DOOR))


def measure_original(folder: Path) -> Row:
    """From the median of a few processes, each of which is like every other."""
    command = [sys.executable, "-m", str(__package__), "--one", str(folder)]
    spent = median(timed(command) for _ in range(ORIGINAL_QUIPS))
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    tokens = ORIGINAL_SAMPLES * ORIGINAL_TOKENS / spent
    return Row("(a) a process a quip", 60 / spent, tokens, spent, memory)


def timed(command: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, check=True)
    return time.perf_counter() - start


def plain(folder: Path) -> Row:
    """A loaded model that is asked for one candidate at a time."""
    model, voice = Quippy.load(folder), Espeak(DOOR)
    share = CANDIDATES // QUIPS
    start = time.perf_counter()
    first = 0.0
    for _ in range(PLAIN_QUIPS):
        voiced(best([written_plainly(model, 1, TOKENS)[0] for _ in range(share)]), voice)
        first = first or time.perf_counter() - start
    spent = time.perf_counter() - start
    tokens = PLAIN_QUIPS * share * TOKENS
    return Row("(b) one at a time", PLAIN_QUIPS / spent * 60, tokens / spent, first, peak())


def pipeline(folder: Path) -> Row:
    """The server's own, with an author who takes noise."""
    model = without_ends(Quippy.load(folder), TOKENS)
    author = Author(model)
    first: list[float] = []

    def note(_: Quip) -> None:
        first.append(time.perf_counter() - start)

    order = Order(QUIPS, DOOR, avoid=(), seed=1)
    line = Batch(order, lambda: model, lambda *_: Espeak(DOOR), on_quip=note)
    start = time.perf_counter()
    with patch.object(batch, "Author", lambda *_: author):
        line.run()
    spent = time.perf_counter() - start
    assert len(line.quips) == QUIPS, line.error
    quips, tokens = QUIPS / spent * 60, CANDIDATES * TOKENS / spent
    return Row("(c) the pipeline", quips, tokens, first[0], peak(), author.inside / spent)


@dataclass
class Author:
    """Writes all at once. `inside` the model, in seconds."""

    model: Quippy
    inside: float = 0.0
    spent: bool = field(default=True, init=False)

    def write(self, wanted: int) -> list[Line]:
        if not wanted:
            return []
        start = time.perf_counter()
        texts = self.model.candidates(DOOR, CANDIDATES, seed=1)
        self.inside += time.perf_counter() - start
        return [Line(text[:SPOKEN], mood_of(text)) for text in map(best, shares(texts))]


def shares(texts: list[str]) -> Iterator[list[str]]:
    """Ten, of six or seven each."""
    for number in range(QUIPS):
        yield texts[number::QUIPS]


def peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
