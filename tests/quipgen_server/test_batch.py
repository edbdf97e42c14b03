import threading
import time
from collections.abc import Callable, Sequence

import pytest

from quipgen_server.batch import FAILURES_IN_A_ROW, TRIES, Batch, OpenVoice, Stage
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
    open_voice: OpenVoice,
    writer: Writer | None = None,
) -> Batch:
    return Batch(an_open_order(count), lambda: writer or CorpusWriter(), open_voice)


def until(happened: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.01)


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


def test_a_failed_quip_costs_that_quip_only() -> None:
    actor = Actor(["speaks", "fails"])
    batch = a_batch(6, actor)
    batch.run()
    assert (batch.stage, batch.error) == (Stage.FINISHED, None)
    assert {quip.metadata.text for quip in batch.quips} == set(actor.tried[::2])
    assert len(batch.quips) == 6


def test_a_silent_quip_is_said_again() -> None:
    actor = Actor(["mute", "speaks"])
    batch = a_batch(6, actor)
    batch.run()
    assert actor.tried[::2] == actor.tried[1::2]
    assert {quip.metadata.text for quip in batch.quips} == set(actor.tried)


def test_a_line_that_stays_silent_is_dropped_after_a_few_tries() -> None:
    actor = Actor(["speaks", *["mute"] * TRIES])
    batch = a_batch(4, actor)
    batch.run()
    assert (len(batch.quips), batch.error) == (4, None)
    assert len(set(actor.tried)) > 4


def test_lines_are_spoken_in_batches_and_only_the_bad_ones_again() -> None:
    actor = Actor(["speaks", "mute", "speaks", "speaks", "speaks"], batch=4)
    batch = a_batch(8, actor)
    batch.run()
    assert len(batch.quips) == 8
    assert len(actor.tried) < 12


def test_a_batch_that_is_told_to_finish_keeps_the_running_quip_and_says_so() -> None:
    speaking, go_on = threading.Event(), threading.Event()

    class Slow(Actor):
        def speak(self, texts: Sequence[str]) -> list[Speech]:
            speaking.set()
            assert go_on.wait(10)
            return super().speak(texts)

    batch = a_batch(9, Slow(["speaks"]))
    thread = threading.Thread(target=batch.run)
    thread.start()
    assert speaking.wait(10)
    batch.finish()
    go_on.set()
    thread.join(10)
    assert (batch.stage, len(batch.quips)) == (Stage.FINISHED, 1)
    assert batch.progress["error"]["error"] == "ending"


def test_a_quip_can_be_collected_while_the_next_is_spoken() -> None:
    class Watched(Actor):
        def speak(self, texts: Sequence[str]) -> list[Speech]:
            if len(self.tried) == 1:
                until(lambda: len(batch.quips) == 1)
            return super().speak(texts)

    batch = a_batch(2, Watched(["speaks"]))
    batch.run()
    assert len(batch.quips) == 2


def test_texts_are_written_while_the_voice_is_still_to_come() -> None:
    wrote = threading.Event()

    class Noted(CorpusWriter):
        def candidates(
            self, persona: Persona, count: int, seed: int, stopped: Stopped = never
        ) -> list[str]:
            wrote.set()
            return super().candidates(persona, count, seed, stopped)

    def open_late(persona: Persona, stopped: Stopped) -> Voice:
        assert wrote.wait(10)
        return Actor(["speaks"])(persona, stopped)

    batch = Batch(an_open_order(2), Noted, open_late)
    batch.run()
    assert len(batch.quips) == 2


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
    assert {quip.metadata.text for quip in first.quips} == {
        quip.metadata.text for quip in again.quips
    }
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
        def speak(self, texts: Sequence[str]) -> list[Speech]:
            assert wrote_again.wait(10)
            return super().speak(texts)

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
