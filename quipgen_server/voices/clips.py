"""The clips that a server knows: those sent to it, and those in a folder of its owner's."""

import hashlib
import re
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path

from quipgen_server.errors import VoiceError

from . import Speech
from .clip import ADVICE, read_clip

MOST = 16
LONGEST_WAIT = 180.0  # seconds
LOOK = 0.1  # seconds
SUFFIXES = (".wav", ".mp3", ".flac")
_ID = re.compile(r"clip-[0-9a-f]{32}")


def clip_id(content: bytes) -> str:
    """Who has a clip can tell its name before a server knows it."""
    return f"clip-{hashlib.sha256(content).hexdigest()[:32]}"


class Clips:
    """Keeps the MOST clips that were used last. Safe to use from several threads."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._clips: OrderedDict[str, Speech] = OrderedDict()
        self._lock = threading.Lock()

    def add(self, content: bytes) -> str:
        """Its id, the same for the same clip. Raises ClipError. Blocks."""
        name = clip_id(content)
        if not self._known(name):
            self._keep(name, read_clip(content))
        return name

    def find(self, voice: str, stopped: Callable[[], bool]) -> Speech | None:
        """The clip of that name. Waits for one that is still to be sent. Raises VoiceError."""
        return self._awaited(voice, stopped) if _ID.fullmatch(voice) else self._filed(voice)

    def names(self) -> list[str]:
        """Those in the folder."""
        return sorted(self._files())

    def _awaited(self, name: str, stopped: Callable[[], bool]) -> Speech | None:
        deadline = time.monotonic() + LONGEST_WAIT
        while not (clip := self._known(name)):
            if stopped():
                return None
            if time.monotonic() > deadline:
                raise VoiceError(
                    f"The clip {name} was not sent within {LONGEST_WAIT / 60:.0f} minutes. "
                    "Send it to /voices/, or give the persona a voice by its name.",
                )
            time.sleep(LOOK)
        return clip

    def _filed(self, name: str) -> Speech | None:
        file = self._files().get(name)
        if not file:
            return None
        if not (clip := self._known(name)):
            try:
                clip = read_clip(file.read_bytes())
            except OSError as error:
                raise VoiceError(f"Cannot read {file.name}: {error.strerror}. {ADVICE}") from error
            self._keep(name, clip)
        return clip

    def _files(self) -> dict[str, Path]:
        if not self._folder:
            return {}
        return {file.stem: file for file in self._folder.glob("*") if file.suffix in SUFFIXES}

    def _known(self, name: str) -> Speech | None:
        with self._lock:
            if name in self._clips:
                self._clips.move_to_end(name)
            return self._clips.get(name)

    def _keep(self, name: str, clip: Speech) -> None:
        with self._lock:
            self._clips[name] = clip
            while len(self._clips) > MOST:
                self._clips.popitem(last=False)
