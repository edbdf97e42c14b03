"""Home Assistant's log, record by record."""

import re
from pathlib import Path
from typing import Final

RECORD: Final = re.compile(r"^(?=\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)", re.MULTILINE)
COMPLAINT: Final = re.compile(r"^\S+ \S+ (WARNING|ERROR|CRITICAL) ")
FAILED_LOGIN: Final = "homeassistant.components.http.ban"
# Said of every integration that is not Home Assistant's own.
CUSTOM: Final = "We found a custom integration gppde"


def complaints(log: Path) -> list[str]:
    """Return the warnings and errors that come from GPPDE or tell of failed logins."""
    return [
        record
        for record in RECORD.split(log.read_text(errors="replace"))
        if COMPLAINT.match(record)
        and (FAILED_LOGIN in record or "gppde" in record)
        and CUSTOM not in record
    ]
