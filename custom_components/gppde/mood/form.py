"""Whether a line has the form of something that a door would say aloud, in any language."""

import re
import unicodedata

FEWEST_LETTERS = 6
LONGEST = 160
"""Characters, which take about ten seconds to say."""
LONGEST_RAW = 1000

SPOKEN = "LMNPZ"
"""Unicode's letters, marks, numbers, punctuation and spaces."""
UNSPOKEN = set('*_#@\\/()[]{}<>|"')
"""Punctuation of those who write, which is read out or stands for what is not to be spoken."""

_FAULTS = {
    "ends in the middle": r".*(?<![.!?…。！？।؟])$",  # noqa: RUF001
    "holds an address": r".*(https?:|www\.|\.(com|org|net|io)\b)",
    "holds a list of numbers": r".*(\d{5}|\d+\D{1,3}\d+\D{1,3}\d)",
    "stutters": r".*\b(\w+) \1 \1\b",
    "has stray punctuation": r".*([,;:] ?[.,;:]|[.!?…]{4})",
}
_PATTERNS = {fault: re.compile(pattern, re.IGNORECASE) for fault, pattern in _FAULTS.items()}
_NUMBERING = re.compile(r"\A(?:[-*•–]|\d{1,3}[.):])\s+")  # noqa: RUF001


def tidy(raw: str) -> str:
    """Return one line with single spaces, without the numbering or the quotes around it."""
    text = " ".join(raw[:LONGEST_RAW].split())
    return _NUMBERING.sub("", text).strip('"“”„«» ')


def fault_of(line: str) -> str | None:
    """Return the first fault found, or None for a line that may be spoken."""
    letters = [sign for sign in line if sign.isalpha()]
    if len(letters) < FEWEST_LETTERS:
        return "is too short"
    if len(line) > LONGEST:
        return "takes too long to say"
    if letters[0].islower():
        return "begins in the middle"
    if any(sign in UNSPOKEN or unicodedata.category(sign)[0] not in SPOKEN for sign in line):
        return "has signs that cannot be spoken"
    return next((fault for fault, it in _PATTERNS.items() if it.match(line)), None)
