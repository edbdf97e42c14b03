import time

import pytest

from quipgen_server.errors import BatchRunningError
from quipgen_server.order import check_order
from quipgen_server.studio import Studio
from quipgen_server.writing import Writer

from .actors import Actor
from .client import an_order
from .writers import CorpusWriter, SlowWriter


def until_over(studio: Studio) -> None:
    deadline = time.monotonic() + 30
    while not studio.progress["finished"]:
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_the_model_is_loaded_once_and_not_before_it_is_needed() -> None:
    loads: list[str] = []

    def load() -> Writer:
        loads.append("once")
        return CorpusWriter()

    studio = Studio(load, Actor(["speaks"]))
    assert loads == []
    for _ in range(2):
        studio.start(check_order(an_order(1)))
        until_over(studio)
        studio.quips()
    assert loads == ["once"]
    studio.close()


def test_a_running_batch_is_named_to_who_comes_second() -> None:
    studio = Studio(SlowWriter, Actor(["speaks"]))
    batch = studio.start(check_order(an_order()))
    with pytest.raises(BatchRunningError, match="dismiss") as refused:
        studio.start(check_order(an_order()))
    assert refused.value.batch == batch
    studio.close()


def test_another_batch_waits_until_the_last_one_is_collected(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    studio = Studio(CorpusWriter, Actor(["speaks"]))
    batch = studio.start(check_order(an_order(2)))
    until_over(studio)
    with pytest.raises(BatchRunningError) as refused:
        studio.start(check_order(an_order()))
    assert refused.value.batch == batch
    assert len(studio.quips()) == 2
    assert studio.start(check_order(an_order(1))) != batch
    until_over(studio)
    monkeypatch.setattr("quipgen_server.studio.KEPT", 0.0)
    time.sleep(0.01)
    studio.start(check_order(an_order(1)))  # for ever is too long
    studio.close()


def test_closing_ends_a_running_batch_promptly() -> None:
    studio = Studio(SlowWriter, Actor(["speaks"]))
    studio.start(check_order(an_order()))
    start = time.monotonic()
    studio.close()
    assert time.monotonic() - start < 5
    assert studio.progress["batch"] is None
