import threading
from pathlib import Path

import pytest

from quipgen_server.errors import ClipError, VoiceError
from quipgen_server.voices import clips
from quipgen_server.voices.clips import Clips, clip_id
from quipgen_server.writing import never

from ..sound import a_clip


@pytest.fixture(scope="module")
def clip() -> bytes:
    return a_clip()


def test_a_clip_is_known_by_what_it_is(clip: bytes) -> None:
    known = Clips()
    name = known.add(clip)
    assert name == clip_id(clip) == known.add(clip)
    assert known.find(name, never)


def test_a_clip_that_is_still_to_come_is_waited_for(clip: bytes) -> None:
    known = Clips()
    threading.Timer(0.3, known.add, [clip]).start()
    assert known.find(clip_id(clip), never)


def test_one_that_never_comes_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clips, "LONGEST_WAIT", 0.2)
    with pytest.raises(VoiceError, match="was not sent within"):
        Clips().find(f"clip-{'0' * 32}", never)


def test_who_is_stopped_waits_no_longer() -> None:
    assert Clips().find(f"clip-{'0' * 32}", lambda: True) is None


def test_the_least_used_clips_are_forgotten(clip: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clips, "MOST", 2)
    known = Clips()
    first, second, third = (known.add(clip + bytes(extra)) for extra in range(3))
    assert known.find(second, never)
    assert known.find(third, never)
    assert known.find(first, lambda: True) is None


def test_a_clip_in_the_folder_is_a_voice_of_its_name(clip: bytes, tmp_path: Path) -> None:
    (tmp_path / "marvin.wav").write_bytes(clip)
    (tmp_path / "notes.txt").write_text("Nobody's voice.")
    known = Clips(tmp_path)
    assert known.names() == ["marvin"]
    assert known.find("marvin", never) is known.find("marvin", never)
    assert known.find("notes", never) is None


def test_a_file_that_is_no_clip_is_told(tmp_path: Path) -> None:
    (tmp_path / "noise.mp3").write_bytes(b"ID3")
    with pytest.raises(ClipError):
        Clips(tmp_path).find("noise", never)


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "folder.wav").mkdir()
    with pytest.raises(VoiceError, match=r"Cannot read folder\.wav"):
        Clips(tmp_path).find("folder", never)
