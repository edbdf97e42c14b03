from collections.abc import Callable

import pytest

from quipgen_server.cli import main
from quipgen_server.judge import Bar, judge, share_copied, share_repeated
from quipgen_server.persona import Persona, Tone
from quipgen_server.quippy import Quippy

from .writers import CorpusWriter, NoiseWriter, lines_of


class Parrot:
    """Says one thing in every tone."""

    name = "parrot"

    def candidates(self, _: Persona, count: int, *__: object) -> list[str]:
        return ["You again. I have opened for a thousand parrots, and I am tired."] * count


def figures(bars: tuple[Bar, ...]) -> list[bool]:
    return [bar.holds for bar in bars]


@pytest.mark.parametrize(
    ("writer", "holds"),
    [
        (CorpusWriter, [False, False, True, True]),
        (NoiseWriter, [True, False, False, False]),
        (Parrot, [True, False, False, False]),
    ],
)
def test_each_vice_fails_its_bar(
    writer: Callable[[], CorpusWriter | NoiseWriter | Parrot], holds: list[bool]
) -> None:
    verdict = judge(writer(), 500, seed=1)
    assert figures(verdict.bars) == holds
    assert not verdict.holds


def test_a_comma_makes_no_new_line() -> None:
    line = lines_of(Tone.SUNNY)[0]
    assert share_copied([line, line.replace(",", " ").upper(), "The postman sang to a spoon."]) == (
        pytest.approx(2 / 3)
    )


def test_of_two_that_are_alike_the_second_counts() -> None:
    lines = ["The cat sat on the mat today.", "Nobody came.", "The cat sat on the mat, today!"]
    assert share_repeated(lines) == pytest.approx(1 / 3)


def test_the_built_in_model_clears_every_bar() -> None:
    verdict = judge(Quippy.load(), 500, seed=3)
    assert verdict.holds, "\n".join(map(str, verdict.bars))


def test_the_command_prints_the_bars_and_some_lines(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["judge", "--show", "5"]) == 0
    *lines, copies, repeats, fit, gap = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == list(Tone)
    assert all("holds" in bar for bar in (copies, repeats, fit, gap))


def test_the_command_fails_with_the_model(
    tiny_model: object, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["judge", "-n", "50", "--model", str(tiny_model)]) == 1
    told = capsys.readouterr()
    assert "FAILS" in told.out
    assert "does not clear every bar" in told.err
