"""Client of the quipgen server's HTTP API. Knows nothing of Home Assistant."""

from .answers import BatchProgress, Health, clip_voice
from .client import QuipgenClient
from .errors import (
    BadClipError,
    BusyError,
    IncompatibleVersionError,
    LyingError,
    NoCloningError,
    NotQuipgenError,
    QuipgenError,
    RejectedError,
    TooLargeError,
    UnauthorizedError,
    UnreachableError,
    UntrustedError,
)
from .pin import shown_fingerprint

__all__ = [
    "BadClipError",
    "BatchProgress",
    "BusyError",
    "Health",
    "IncompatibleVersionError",
    "LyingError",
    "NoCloningError",
    "NotQuipgenError",
    "QuipgenClient",
    "QuipgenError",
    "RejectedError",
    "TooLargeError",
    "UnauthorizedError",
    "UnreachableError",
    "UntrustedError",
    "clip_voice",
    "shown_fingerprint",
]
