"""Writers in the language model's place; all that follows them in the pipeline is real."""

import random
import threading
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import quipgen_server
from quipgen_server.persona import Persona, Tone
from quipgen_server.writing import Stopped, never

NOISE = ("and the of", "@@@@ !!!", "http://example.com is it.")
CORPUS = Path(quipgen_server.__file__).parent / "corpus"


def lines_of(tone: Tone) -> list[str]:
    return (CORPUS / f"{tone}.txt").read_text(encoding="utf-8").splitlines()


class CorpusWriter:
    """Writes what a good model would: lines from the corpus, in an order that the seed gives."""

    name = "corpus"

    def candidates(
        self,
        persona: Persona,
        count: int,
        seed: int,
        stopped: Stopped = never,  # noqa: ARG002  it never takes long
    ) -> list[str]:
        return random.Random(seed).choices(lines_of(persona.tone), k=count)


class SlowWriter(CorpusWriter):
    """Writes nothing until `go` is set or the batch is stopped."""

    def __init__(self) -> None:
        self.go = threading.Event()

    def candidates(
        self,
        persona: Persona,
        count: int,
        seed: int,
        stopped: Stopped = never,
    ) -> list[str]:
        while not self.go.wait(0.01):
            if stopped():
                return []
        return super().candidates(persona, count, seed, stopped)


class NoiseWriter:
    """Writes nothing that is worth saying."""

    name = "noise"

    def candidates(self, _: Persona, count: int, *__: Any) -> list[str]:
        return list(islice(cycle(NOISE), count))
