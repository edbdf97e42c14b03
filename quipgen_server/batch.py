"""One batch: text, mood, voice, audio; the next lines are written while the last are spoken."""

import logging
import threading
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from .audio import Audio, finish
from .errors import AudioError, QuipgenError, ShortBatchError, VoiceError
from .mood import Line
from .order import Order
from .persona import Persona
from .quip import Metadata, Quip
from .voices import Voice
from .writing import Author, Writer

log = logging.getLogger(__name__)

FAILURES_IN_A_ROW = 5


class Stage(StrEnum):
    """`finished` has quips, perhaps too few (then an error says why); `failed` has none."""

    IDLE = "idle"
    LOADING = "loading"
    WRITING = "writing"
    SPEAKING = "speaking"
    FINISHED = "finished"
    FAILED = "failed"

    @property
    def over(self) -> bool:
        return self in (Stage.FINISHED, Stage.FAILED)


@dataclass
class Batch:
    """`run` blocks; all else may be read from other threads meanwhile."""

    order: Order
    load_writer: Callable[[], Writer]
    open_voice: Callable[[Persona], Voice]
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    stage: Stage = Stage.LOADING
    quips: list[Quip] = field(default_factory=list)
    error: QuipgenError | None = None
    _stop: threading.Event = field(default_factory=threading.Event)
    _failures: int = 0

    def run(self) -> None:
        """Makes every quip it can, and then says in `stage` and `error` how it went."""
        try:
            for quip in self.make():
                log.info("%d of %d: %s", len(self.quips), self.order.count, quip.metadata.text)
        except QuipgenError as error:
            self.end(error)
        else:
            self.end()

    def make(self) -> Iterator[Quip]:
        """Each quip as soon as it exists. Raises QuipgenError where it has to end early."""
        if self._stop.is_set():
            return
        writer = self.load_writer()
        voice = self.open_voice(self.order.persona)
        author = Author(writer, self.order, self._stop.is_set)
        for line in self._lines(author):
            if self._stop.is_set():
                break
            if quip := self._voiced(line, voice, writer.name):
                self.quips.append(quip)
                yield quip

    def stop(self) -> None:
        self._stop.set()

    def end(self, error: QuipgenError | None = None) -> None:
        """The stage comes last: whoever reads that it is over finds the rest complete."""
        self.error = error
        self.stage = Stage.FINISHED if self.quips or not error else Stage.FAILED
        log.info("Batch %s %s, %d quips", self.id, self.stage, len(self.quips))
        if error:
            log.warning("%s", error)

    @property
    def left(self) -> int:
        return self.order.count - len(self.quips)

    @property
    def progress(self) -> dict[str, Any]:
        """The answer of `/quip_progress/`. A batch that is over has nothing left to come."""
        stage = self.stage
        created = len(self.quips)
        error = self.error if stage.over else None
        return {
            "batch": self.id,
            "stage": stage,
            "created": created,
            "left": 0 if stage.over else self.order.count - created,
            "total": self.order.count,
            "finished": stage.over,
            "error": error and {"error": error.code, "message": str(error)},
        }

    def _lines(self, author: Author) -> Iterator[Line]:
        with ThreadPoolExecutor(1, "writing") as desk:
            draft = desk.submit(author.write, self.left)
            try:
                while self.left and not self._stop.is_set():
                    self.stage = Stage.WRITING
                    lines = draft.result()
                    if not lines and author.spent:
                        raise self._too_few(author.drawn)
                    draft = desk.submit(author.write, self.left - len(lines))
                    self.stage = Stage.SPEAKING
                    yield from lines
            finally:
                self.stop()  # else the executor would wait for lines that nobody wants

    def _too_few(self, drawn: int) -> ShortBatchError:
        return ShortBatchError(
            f"{len(self.quips)} of {self.order.count} quips were made: among {drawn} candidates "
            "no more were well formed, in the tone and new. "
            "Ask for fewer, or choose a better model.",
        )

    def _voiced(self, line: Line, voice: Voice, model: str) -> Quip | None:
        """None where this one line failed. Raises once several did so in a row."""
        try:
            audio = finish(voice.speak(line.text), line.text, self.order.persona.name)
        except (VoiceError, AudioError) as error:
            self._failures += 1
            if self._failures == FAILURES_IN_A_ROW:
                raise
            log.warning("Dropped %r: %s", line.text, error)
            return None
        self._failures = 0
        return Quip(self._metadata(line, audio, model, voice.name), audio.mp3)

    def _metadata(self, line: Line, audio: Audio, model: str, voice: str) -> Metadata:
        return Metadata(
            text=line.text,
            persona=self.order.persona.name,
            tone=self.order.persona.tone,
            mood=line.mood,
            model=model,
            voice=voice,
            duration=round(audio.duration, 3),
            loudness=round(audio.loudness, 2),
            seed=self.order.seed,
        )
