import pytest

from quipgen_server.persona import Tone
from quipgen_server.safety import is_safe

from .writers import lines_of


@pytest.mark.parametrize(
    "line",
    ["What the FUCK do you want?", "He was murdered here.", "Shitty hinges, these.", "Damn, cold."],
)
def test_an_unsafe_line_is_known(line: str) -> None:
    assert not is_safe(line)


@pytest.mark.parametrize(
    "line",
    ["Spicy soup again?", "A classic entrance.", "Scunthorpe is far.", "It takes skill, this."],
)
def test_a_word_inside_a_word_is_safe(line: str) -> None:
    assert is_safe(line)


@pytest.mark.parametrize("tone", Tone)
def test_the_corpus_is_safe(tone: Tone) -> None:
    assert [line for line in lines_of(tone) if not is_safe(line)] == []
