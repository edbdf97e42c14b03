import pytest

from quipgen_server.order import LARGEST_SEED, check_order
from quipgen_server.persona import Persona
from quipgen_server.writing import LARGEST_ROUND, SMALLEST_ROUND, Author, Stopped, never

from .client import an_order
from .writers import CorpusWriter, NoiseWriter


class Notebook(CorpusWriter):
    """Keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[int, int]] = []

    def candidates(
        self,
        persona: Persona,
        count: int,
        seed: int,
        stopped: Stopped = never,
    ) -> list[str]:
        self.asked.append((count, seed))
        return super().candidates(persona, count, seed, stopped)


@pytest.mark.parametrize(("wanted", "drawn"), [(1, SMALLEST_ROUND), (10, 40), (200, LARGEST_ROUND)])
def test_several_candidates_are_drawn_for_each_line(wanted: int, drawn: int) -> None:
    notebook = Notebook()
    lines = Author(notebook, check_order(an_order())).write(wanted)
    assert notebook.asked == [(drawn, 7)]
    assert 0 < len(lines) <= drawn // 4


def test_each_round_has_a_seed_of_its_own() -> None:
    notebook = Notebook()
    author = Author(notebook, check_order(an_order(seed=LARGEST_SEED)))
    author.write(1)
    author.write(1)
    assert [seed for _, seed in notebook.asked] == [LARGEST_SEED, SMALLEST_ROUND - 1]


def test_no_line_comes_twice() -> None:
    author = Author(CorpusWriter(), check_order(an_order(avoid=["Welcome!"])))
    lines = [line.text for _ in range(6) for line in author.write(20)]
    assert len(set(lines)) == len(lines)


def test_nothing_is_written_when_nothing_is_wanted() -> None:
    notebook = Notebook()
    assert Author(notebook, check_order(an_order())).write(0) == []
    assert notebook.asked == []


def test_the_effort_is_bounded() -> None:
    author = Author(NoiseWriter(), check_order(an_order(1)))
    rounds = 0
    while not author.spent:
        assert author.write(1) == []
        rounds += 1
    assert rounds == (512 + 64) / SMALLEST_ROUND
    assert author.write(1) == []


def test_a_stopped_author_writes_no_more() -> None:
    notebook = Notebook()
    author = Author(notebook, check_order(an_order()), stopped=lambda: True)
    assert author.write(5) == []
    assert notebook.asked == []
