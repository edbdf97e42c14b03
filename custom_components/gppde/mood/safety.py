"""Words that no door says in front of children or guests: unsafe.txt, where * is any ending."""

import re
from functools import cache
from pathlib import Path

WORDS = Path(__file__).with_name("unsafe.txt")


def is_safe(line: str) -> bool:
    """Tell whether a line holds none of them; they are English words."""
    return not _unsafe().search(line)


@cache
def _unsafe() -> re.Pattern[str]:
    words = WORDS.read_text(encoding="utf-8").replace("*", r"\w*").split()
    return re.compile(rf"\b(?:{'|'.join(words)})\b", re.IGNORECASE)
