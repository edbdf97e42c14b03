import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quipgen_server.said import Said

LINE = "I was closed for a reason, and the reason was you."


@pytest.mark.parametrize(
    "again",
    [
        LINE,
        LINE.upper(),
        "I was closed, for a reason; and the reason was you!",
        "And the reason was you: I was closed for a reason.",
        "I was closed for a reason, and that reason was you.",
    ],
)
def test_nearly_the_same_line_was_said(again: str) -> None:
    assert again in Said([LINE])


@pytest.mark.parametrize(
    "other",
    ["I was open for no reason at all.", "Wipe your feet, if you please.", ""],
)
def test_another_line_was_not_said(other: str) -> None:
    assert other not in Said([LINE])


def test_what_is_added_was_said() -> None:
    said = Said()
    assert LINE not in said
    said.add(LINE)
    assert LINE in said


@given(st.lists(st.text()), st.text(min_size=1))
def test_a_line_with_words_repeats_itself(lines: list[str], line: str) -> None:
    assert f"door {line}" in Said([*lines, f"door {line}"])


def test_five_thousand_lines_are_searched_in_milliseconds() -> None:
    said = Said(
        f"Line {number} speaks of {number * 7919} hinges and a step." for number in range(5000)
    )
    start = time.perf_counter()
    assert "Wipe your feet before you tell me about your day." not in said
    assert time.perf_counter() - start < 0.2
