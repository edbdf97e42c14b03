"""The server's one workplace: a batch at a time, with a writer that stays loaded between them."""

import logging
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Any

from .batch import Batch, Stage
from .errors import BatchRunningError, NoCloningError, QuipgenError
from .order import Order
from .quip import Quip
from .voices import Engine
from .voices.clips import Clips
from .voices.engines import open_voice
from .writing import Writer

log = logging.getLogger(__name__)

KEPT = 10.0  # seconds in which another batch may not take the place of one that nobody collected

IDLE = {
    "batch": None,
    "stage": Stage.IDLE,
    "created": 0,
    "left": 0,
    "total": 0,
    "finished": False,
    "error": None,
}


class Studio:
    """Batches run one after another in their own thread; a dismissed one ends at its next step."""

    def __init__(
        self,
        load_writer: Callable[[], Writer],
        engine: Engine,
        clips: Clips | None = None,
        lead_silence: int = 0,
    ) -> None:
        self._load_writer = load_writer
        self._engine = engine
        self._clips = clips or Clips()
        self._lead_silence = lead_silence
        self._writer: Writer | None = None
        self._batch: Batch | None = None
        self._collected = 0
        self._thread = ThreadPoolExecutor(1, "batch")

    @property
    def progress(self) -> dict[str, Any]:
        return self._batch.progress if self._batch else IDLE

    def quips(self, after: int = 0) -> list[Quip]:
        """Those of the latest batch, in the order made, without the first `after`."""
        quips = list(self._batch.quips) if self._batch else []
        self._collected = len(quips)
        return quips[after:]

    @property
    def is_over(self) -> bool:
        return self._batch is None or self._batch.stage.over

    @property
    def is_collected(self) -> bool:
        """Whether somebody asked for quips since the last one was made."""
        return self._batch is None or self._collected == len(self._batch.quips)

    def start(self, order: Order) -> str:
        """The new batch's id; the quips of the one before are forgotten. Raises BatchRunningError
        while that runs, and for KEPT until it is collected: whoever ordered it asks each second.
        """
        if self._batch and not (self._batch.stage.over and self._may_go(self._batch)):
            raise BatchRunningError(self._batch.id)
        voice = partial(open_voice, self._engine, self._clips)
        batch = Batch(order, self._loaded_writer, voice, self._lead_silence)
        self._batch, self._collected = batch, 0
        log.info("Batch %s: %d quips, %s", batch.id, order.count, order.persona.tone)
        self._thread.submit(batch.run).add_done_callback(partial(_report_fault, batch))
        return batch.id

    def add_clip(self, content: bytes) -> str:
        """The name by which a persona's voice is the clip's. Raises ClipError. Blocks."""
        if not self._engine.clones:
            raise NoCloningError
        return self._clips.add(content)

    def dismiss(self) -> None:
        """Stops the batch and forgets it."""
        if self._batch:
            log.info("Batch %s dismissed", self._batch.id)
            self._batch.stop()
            self._batch = None

    def finish(self) -> None:
        """Begins nothing more; `is_over` once the running quip is made."""
        if self._batch:
            self._batch.finish()

    def close(self) -> None:
        """Stops the batch and waits for nobody: a model that is being loaded hears nothing."""
        self.dismiss()
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _may_go(self, batch: Batch) -> bool:
        return self.is_collected or time.monotonic() > batch.ended_at + KEPT

    def _loaded_writer(self) -> Writer:
        if self._writer is None:
            log.info("Loading the language model")
            self._writer = self._load_writer()
        return self._writer


def _report_fault(batch: Batch, running: "Future[None]") -> None:
    """A fault of ours must not leave a batch that seems to run for ever."""
    if fault := running.exception():
        log.error("Batch %s broke", batch.id, exc_info=fault)
        batch.end(QuipgenError("The server has a fault; its log tells more."))
