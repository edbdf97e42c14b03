"""What can go wrong between us and a quipgen server; the messages hold no token."""

from ..errors import GppdeError


class QuipgenError(GppdeError):
    """Root of what a quipgen server, or the way to it, can do to us."""


class UnreachableError(QuipgenError):
    """Nobody answers, not in time, or only with a fault: it may be better later."""


class UntrustedError(QuipgenError):
    """The server cannot prove who it is, so nothing was told to it."""


class UnauthorizedError(QuipgenError):
    """The server does not take our token."""


class NotQuipgenError(QuipgenError):
    """Something answers, and it is no quipgen server."""


class IncompatibleVersionError(QuipgenError):
    """The server is of a version that this integration does not understand."""

    def __init__(self, version: str) -> None:
        super().__init__(
            "The quipgen server's version {version} does not fit. Update the older of the two.",
            version=version,
        )
        self.version = version


class BusyError(QuipgenError):
    """The server works on another batch, whose id is `batch` where it tells."""

    def __init__(self, batch: str | None) -> None:
        super().__init__("The quipgen server is working on another batch. Wait until it is done.")
        self.batch = batch


class RejectedError(QuipgenError):
    """The server refuses what we asked for, and its words say why."""


class BadClipError(RejectedError):
    """What we sent is no sample of a voice that the server can use."""


class NoCloningError(RejectedError):
    """The server's voice cannot speak like a sample."""


class TooLargeError(RejectedError):
    """We sent more than the server takes."""


class LyingError(QuipgenError):
    """The server's answer makes no sense."""
