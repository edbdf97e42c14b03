"""A line that was chosen."""

from typing import NamedTuple


class Line(NamedTuple):
    """`mood` is VADER's compound, -1 (sombre) to 1 (sunny); 0 where nobody could tell."""

    text: str
    mood: float = 0.0
