"""What can go wrong, in words: every exception of this integration descends from GppdeError."""

from .words import Gap, Words


class GppdeError(Exception):
    """Root of all errors that GPPDE raises.

    Its `words` can be told in the language of the home; str() tells them in English.
    """

    def __init__(self, template: str, /, **gaps: Gap) -> None:
        self.words = Words(template, **gaps)
        super().__init__(str(self.words))


class StockError(GppdeError):
    """A stock's folder cannot be read or written."""


class StockUnwritableError(StockError):
    """The folder may not be written."""


class StockFullError(StockError):
    """No space is left on the disk."""


class ArchiveError(GppdeError):
    """An archive of quips is broken, or larger than any honest one."""


class ClipError(GppdeError):
    """No quips can be made in the voice of a persona's clip."""


class ClipMissingError(ClipError):
    """The clip's file is gone, or cannot be read."""


class ClipRefusedError(ClipError):
    """The source does not take the clip, and its words say why."""


class CloningError(ClipError):
    """The source has no voice that can speak like a clip."""


class SourceError(GppdeError):
    """A source could not make the quips it was asked for."""


class SourceAuthError(SourceError):
    """The source refuses our credentials: only a person can mend that."""


class SourceUntrustedError(SourceAuthError):
    """The source cannot prove who it is, so it was told nothing."""


class SourceBudgetError(SourceError):
    """What a person allows to be spent in a month is spent."""


class SpeechError(GppdeError):
    """A text-to-speech engine did not speak a text."""


class EngineMissingError(SpeechError):
    """There is no such engine."""


class LanguageError(SpeechError):
    """The engine does not speak the language."""


class VoiceError(SpeechError):
    """The engine has no such voice."""
