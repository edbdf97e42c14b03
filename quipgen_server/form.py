"""Whether a line has the form of something a door would say aloud."""

import re

FEWEST_WORDS = 3
LONGEST = 10.0  # seconds in the slowest manner of speaking, which was measured: a line of the
LETTERS_A_SECOND = 15  # corpus takes this many of its characters a second,
PAUSE = 0.5  # and this many seconds at each stop, give or take a second in all
LONGEST_REFRAIN = 3  # words, as in "My talent is ... My fear is ..."

_FAULTS = {
    "begins or ends in the middle": r"(?!['(]?[A-ZÀ-Þ0-9])|.*(?<![.!?])$"
    r"|.*[^.][.!?] [a-zß-öø-ÿ]",
    "has signs that cannot be spoken": r".*[^A-Za-zÀ-ÖØ-öø-ÿ0-9 .,;:!?'’()%&–—…-]",  # noqa: RUF001
    "holds an address": r".*(https?:|www\.|\.(com|org|net|io)\b)",
    "holds a list of numbers": r".*(\d{5}|\d+\D{1,3}\d+\D{1,3}\d)",
    "runs words together": r".*[a-zß-öø-ÿ][A-ZÀ-ÖØ-Þ]",
    "stutters": r"(?i).*\b(\w+) \1\b",
    "has stray punctuation": r".*( [.,;:!?]|[,;:] ?[.,;:!?]|[.!?…]{4}|\( | \)|- -)",
}
_PATTERNS = {fault: re.compile(pattern) for fault, pattern in _FAULTS.items()}
_STOP = re.compile(r"[.,;:!?…]+")
_WORD = re.compile(r"[\w'’-]+")  # noqa: RUF001


def tidy(raw: str) -> str:
    """One line, single spaces, without the quotation marks around it."""
    return " ".join(raw.split()).strip('"“” ')


def fault_of(line: str) -> str | None:
    """The first fault found, or None for a line that may be spoken."""
    for fault, pattern in _PATTERNS.items():
        if pattern.match(line):
            return fault
    words = _WORD.findall(line.lower())
    if len(words) < FEWEST_WORDS:
        return "is too short"
    if _seconds(line) > LONGEST:
        return "takes too long to say"
    if not _balanced(line):
        return "has an open bracket"
    return "goes round in circles" if _circles(words) else None


def _seconds(line: str) -> float:
    return len(line) / LETTERS_A_SECOND + PAUSE * len(_STOP.findall(line))


def _balanced(line: str) -> bool:
    depth = 0
    for sign in line:
        depth += (sign == "(") - (sign == ")")
        if depth < 0:
            return False
    return depth == 0


def _circles(words: list[str]) -> bool:
    runs = [
        tuple(words[at : at + LONGEST_REFRAIN + 1]) for at in range(len(words) - LONGEST_REFRAIN)
    ]
    return len(set(runs)) < len(runs)
