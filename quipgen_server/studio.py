"""The server's one workplace: a batch at a time, with a writer that stays loaded between them."""

import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Any

from .batch import Batch, Stage
from .errors import BatchRunningError, QuipgenError
from .order import Order
from .persona import Persona
from .quip import Quip
from .voices import Voice
from .writing import Writer

log = logging.getLogger(__name__)

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
        open_voice: Callable[[Persona], Voice],
    ) -> None:
        self._load_writer = load_writer
        self._open_voice = open_voice
        self._writer: Writer | None = None
        self._batch: Batch | None = None
        self._thread = ThreadPoolExecutor(1, "batch")

    @property
    def progress(self) -> dict[str, Any]:
        return self._batch.progress if self._batch else IDLE

    @property
    def quips(self) -> list[Quip]:
        """Those of the latest batch, in the order made."""
        return list(self._batch.quips) if self._batch else []

    def start(self, order: Order) -> str:
        """The new batch's id; the quips of the one before are forgotten."""
        if self._batch and not self._batch.stage.over:
            raise BatchRunningError(self._batch.id)
        batch = self._batch = Batch(order, self._loaded_writer, self._open_voice)
        log.info("Batch %s: %d quips, %s", batch.id, order.count, order.persona.tone)
        self._thread.submit(batch.run).add_done_callback(partial(_report_fault, batch))
        return batch.id

    def dismiss(self) -> None:
        """Stops the batch and forgets it."""
        if self._batch:
            log.info("Batch %s dismissed", self._batch.id)
            self._batch.stop()
            self._batch = None

    def close(self) -> None:
        """Dismisses, and blocks until the thread has ended."""
        self.dismiss()
        self._thread.shutdown()

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
