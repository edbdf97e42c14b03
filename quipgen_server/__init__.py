"""The quipgen server: writes, judges and voices quips, and hands them out over HTTP."""

__version__ = "0.1.0"
