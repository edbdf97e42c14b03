"""Client of the quipgen server's HTTP API. Knows nothing of Home Assistant."""

from .answers import BatchProgress, Health
from .client import QuipgenClient
from .errors import (
    BusyError,
    IncompatibleVersionError,
    LyingError,
    NotQuipgenError,
    QuipgenError,
    RejectedError,
    UnauthorizedError,
    UnreachableError,
    UntrustedError,
)
from .pin import shown_fingerprint

__all__ = [
    "BatchProgress",
    "BusyError",
    "Health",
    "IncompatibleVersionError",
    "LyingError",
    "NotQuipgenError",
    "QuipgenClient",
    "QuipgenError",
    "RejectedError",
    "UnauthorizedError",
    "UnreachableError",
    "UntrustedError",
    "shown_fingerprint",
]
