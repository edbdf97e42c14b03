import threading
from collections.abc import Callable

import pytest

from quipgen_server.batch import FAILURES_IN_A_ROW, Batch, Stage
from quipgen_server.errors import ModelError, ShortBatchError, VoiceError
from quipgen_server.order import Order, check_order
from quipgen_server.persona import Persona
from quipgen_server.voices import Speech, Voice
from quipgen_server.writing import Stopped, Writer, never

from .actors import Actor
from .client import an_order
from .writers import CorpusWriter, NoiseWriter, SlowWriter


def an_open_order(count: int) -> Order:
    return check_order(an_order(count))


def a_batch(
    count: int,
    open_voice: Callable[[Persona], Voice],
    writer: Writer | None = None,
) -> Batch:
    return Batch(an_open_order(count), lambda: writer or CorpusWriter(), open_voice)


class TiredWriter(CorpusWriter):
    """Writes one round."""

    def candidates(
        self,
        persona: Persona,
        count: int,
        seed: int,
        stopped: Stopped = never,
    ) -> list[str]:
        if seed != an_open_order(1).seed:
            raise ModelError("Out of memory. Choose a smaller model.")
        return super().candidates(persona, count, seed, stopped)


@pytest.mark.parametrize("fault", ["fails", "mute"])
def test_a_failed_quip_costs_that_quip_only(fault: str) -> None:
    actor = Actor(["speaks", fault])
    batch = a_batch(6, actor)
    batch.run()
    assert (batch.stage, batch.error) == (Stage.FINISHED, None)
    said = [quip.metadata.text for quip in batch.quips]
    assert said == actor.tried[::2]
    assert len(said) == 6


def test_a_voice_that_only_fails_ends_the_batch_soon() -> None:
    actor = Actor(["fails"])
    batch = a_batch(50, actor)
    batch.run()
    assert (batch.stage, len(actor.tried)) == (Stage.FAILED, FAILURES_IN_A_ROW)
    assert isinstance(batch.error, VoiceError)
    assert batch.progress["error"] == {"error": "voice", "message": "The actor has a sore throat."}


def test_a_model_that_fails_midway_keeps_what_was_made() -> None:
    batch = a_batch(60, Actor(["speaks"]), TiredWriter())
    batch.run()
    progress = batch.progress
    assert (progress["stage"], progress["finished"], progress["left"]) == ("finished", True, 0)
    assert 0 < progress["created"] == len(batch.quips) < 60
    assert progress["error"]["error"] == "model"


def test_noise_ends_the_batch_in_words() -> None:
    batch = a_batch(2, Actor(["speaks"]), NoiseWriter())
    batch.run()
    assert isinstance(batch.error, ShortBatchError)
    assert "among 640 candidates" in str(batch.error)


def test_the_same_seed_makes_the_same_quips() -> None:
    first, again = (a_batch(5, Actor(["speaks"])) for _ in range(2))
    first.run()
    again.run()
    assert [quip.metadata.text for quip in first.quips] == [
        quip.metadata.text for quip in again.quips
    ]
    assert not {quip.metadata.uuid for quip in first.quips} & {
        quip.metadata.uuid for quip in again.quips
    }


def test_the_next_lines_are_written_while_the_last_are_spoken() -> None:
    wrote_again = threading.Event()

    class Rounds(CorpusWriter):
        def candidates(
            self,
            persona: Persona,
            count: int,
            seed: int,
            stopped: Stopped = never,
        ) -> list[str]:
            if seed != an_open_order(1).seed:
                wrote_again.set()
            return super().candidates(persona, count, seed, stopped)

    class Waiting(Actor):
        def speak(self, text: str) -> Speech:
            assert wrote_again.wait(10)
            return super().speak(text)

    batch = a_batch(40, Waiting(["speaks"]), Rounds())
    batch.run()
    assert len(batch.quips) == 40


@pytest.mark.parametrize("stage", [Stage.LOADING, Stage.WRITING])
def test_a_stopped_batch_ends_without_an_error(stage: Stage) -> None:
    batch = a_batch(3, Actor(["speaks"]), SlowWriter())
    if stage is Stage.LOADING:
        batch.stop()
    thread = threading.Thread(target=batch.run)
    thread.start()
    batch.stop()
    thread.join(5)
    assert not thread.is_alive()
    assert (batch.stage, batch.error, batch.quips) == (Stage.FINISHED, None, [])
