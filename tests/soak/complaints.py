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
    "Home Assistant was killed": r"was shutdown cleanly|Ended unfinished session",
    "it stopped while AWS was asked": r"is still running at shutdown.*gppde/aws/cloud",
    "a player was away": (
        r"\[homeassistant\.components\.mpd\] Error connecting|"
        r"\[homeassistant\.components\.wyoming\.\w+\] Error fetching|"
        r"(media_player\.attic|assist_satellite\.stairs) did not take a quip"
    ),
    "a player asked for the cover of a line whose address had expired": (
        r"Retrieving artwork .*returned error: 404"
    ),
    "AWS took an instance back": r"The refill for \w+ failed: AWS ended the instance",
}
REASONS: Final = {why: re.compile(pattern, re.DOTALL) for why, pattern in EXPLAINED.items()}


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
