"""One batch, as a line of work: lines are written while others are spoken and others encoded."""

import logging
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from typing import Any

from .audio import finish, flaw_of
from .errors import AudioError, EndingError, QuipgenError, VoiceError
from .mood import Line
from .order import Order
from .persona import Persona
from .quip import Metadata, Quip
from .voices import Speech, Voice
from .writing import Author, Stopped, Writer

log = logging.getLogger(__name__)

TRIES = 3  # for one line
FAILURES_IN_A_ROW = 5
ENCODERS = 2  # threads

OpenVoice = Callable[[Persona, Stopped], Voice]
OnQuip = Callable[[Quip], None]
Encode = Callable[[Line, Speech], None]


def nobody(_: Quip) -> None:
    """Waits for no quip in particular."""


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
    """`run` blocks; all else may be called and read from other threads meanwhile. `ended_at` is
    monotonic, and there once it is over.
    """

    order: Order
    load_writer: Callable[[], Writer]
    open_voice: OpenVoice
    lead_silence: int = 0
    on_quip: OnQuip = nobody
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    stage: Stage = Stage.LOADING
    quips: list[Quip] = field(default_factory=list)
    error: QuipgenError | None = None
    ended_at: float = 0.0
    _stop: threading.Event = field(default_factory=threading.Event)
    _ending: threading.Event = field(default_factory=threading.Event)
    _failures: int = 0

    def run(self) -> None:
        """Makes every quip it can, and then says in `stage` and `error` how it went."""
        try:
            self._make()
        except QuipgenError as error:
            self.end(error)
        else:
            self.end()

    def stop(self) -> None:
        """At the next step, whatever is under way."""
        self._stop.set()

    def finish(self) -> None:
        """What is being spoken is still completed."""
        self._ending.set()

    def end(self, error: QuipgenError | None = None) -> None:
        """The stage comes last: whoever reads that it is over finds the rest complete."""
        self.error, self.ended_at = error, time.monotonic()
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

    def _halted(self) -> bool:
        return self._stop.is_set() or self._ending.is_set()

    def _make(self) -> None:
        if not self._halted():
            writer = self.load_writer()
            with (
                ThreadPoolExecutor(1, "writing") as desk,
                ThreadPoolExecutor(ENCODERS, "encoding") as encoders,
            ):
                try:
                    self._work(writer, desk, encoders)
                finally:
                    self._stop.set()  # else the desk would wait for lines that nobody wants
        if self._ending.is_set() and self.left:
            raise EndingError(f"The server ends; {len(self.quips)} quips were made.")

    def _work(self, writer: Writer, desk: Executor, encoders: Executor) -> None:
        self.stage = Stage.WRITING
        author = Author(writer, self.order, self._halted)
        draft = desk.submit(author.write, self.left)
        voice = self.open_voice(self.order.persona, self._halted)  # may wait for its clip
        while self.left and not self._halted():
            self.stage = Stage.WRITING
            lines = draft.result()
            if not lines and author.spent:
                raise author.too_few(len(self.quips))
            draft = desk.submit(author.write, self.left - len(lines))
            self.stage = Stage.SPEAKING
            self._produce(lines, voice, encoders, partial(self._quip, writer.name, voice.name))

    def _produce(
        self, lines: Sequence[Line], voice: Voice, encoders: Executor, encode: Encode
    ) -> None:
        """Speaks on while what was spoken is encoded."""
        encoding = [
            encoders.submit(encode, line, speech)
            for at in range(0, len(lines), voice.batch)
            for line, speech in self._spoken(lines[at : at + voice.batch], voice)
        ]
        for job in encoding:
            job.result()

    def _spoken(self, lines: Sequence[Line], voice: Voice) -> Iterator[tuple[Line, Speech]]:
        """What is worth encoding; the rest is said again a few times, and then dropped."""
        fault: QuipgenError | None = None
        for _ in range(TRIES):
            if not lines or self._halted():
                return
            try:
                speeches = voice.speak([line.text for line in lines])
            except VoiceError as error:
                fault = error
                break
            again = []
            for line, speech in zip(lines, speeches, strict=True):
                if flaw := flaw_of(speech):
                    fault = flaw
                    again.append(line)
                else:
                    self._failures = 0
                    yield line, speech
            lines = again
        for line in lines:
            self._drop(line, fault or VoiceError("The voice said nothing."))

    def _quip(self, model: str, voice: str, line: Line, speech: Speech) -> None:
        persona = self.order.persona
        try:
            audio = finish(speech, line.text, persona.name, self.lead_silence)
        except AudioError as error:
            log.warning("Dropped %r: %s", line.text, error)
            return
        metadata = Metadata(
            text=line.text,
            persona=persona.name,
            tone=persona.tone,
            mood=line.mood,
            model=model,
            voice=voice,
            duration=round(audio.duration, 3),
            loudness=round(audio.loudness, 2),
            seed=self.order.seed,
        )
        self._add(Quip(metadata, audio.mp3))

    def _add(self, quip: Quip) -> None:
        self.quips.append(quip)
        log.info("%d of %d: %s", len(self.quips), self.order.count, quip.metadata.text)
        self.on_quip(quip)

    def _drop(self, line: Line, fault: QuipgenError) -> None:
        """Costs this line only, unless it is one of several in a row."""
        self._failures += 1
        if self._failures == FAILURES_IN_A_ROW:
            raise fault
        log.warning("Dropped %r: %s", line.text, fault)
