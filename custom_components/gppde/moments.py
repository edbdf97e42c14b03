"""Moments in time, as our files hold them."""

from datetime import UTC, datetime
from typing import Any

import voluptuous as vol


def moment(value: Any) -> datetime:
    """Read an ISO 8601 moment that tells its zone, or raise vol.Invalid."""
    try:
        read = datetime.fromisoformat(value)
        if read.utcoffset() is None:
            raise vol.Invalid("a moment without a zone")
        return read.astimezone(UTC)
    except (TypeError, ValueError, OverflowError) as error:
        raise vol.Invalid("not a moment in time") from error
