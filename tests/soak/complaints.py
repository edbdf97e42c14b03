"""What Home Assistant complained about in its log, and why that was to be expected."""

import re
from collections import Counter
from pathlib import Path
from typing import Final

from tests.e2e.house.logs import COMPLAINT, RECORD

EXPLAINED: Final = {
    "this Home Assistant lacks what a real one has": (
        r"Skipping pip|zlib_ng and isal|libturbojpeg|custom integration gppde"
    ),
    "Home Assistant was killed": r"was not shut ?down cleanly|Ended unfinished session|not finish",
}
REASONS: Final = {why: re.compile(pattern) for why, pattern in EXPLAINED.items()}


def read(log: Path) -> tuple[Counter[str], list[str]]:
    """Return how often there was each reason, and the records for which there is none."""
    explained: Counter[str] = Counter()
    others = []
    for record in RECORD.split(log.read_text(errors="replace")):
        if not COMPLAINT.match(record):
            continue
        if why := next((why for why, made in REASONS.items() if made.search(record)), ""):
            explained[why] += 1
        else:
            others.append(record.strip())
    return explained, others
