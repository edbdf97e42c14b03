"""A stock's folder, as crashes and people leave it."""

import os
import time
from io import BytesIO
from pathlib import Path

import pytest
from mutagen.id3 import ID3, TIT2

from custom_components.gppde.errors import StockError, StockUnwritableError
from custom_components.gppde.quips.folder import StockFolder
from custom_components.gppde.quips.scan import SETTLED, Scan

from ..faulty_disk import disk, read_only
from ..helpers import make_mp3, make_quip

MP3 = make_mp3()
LONG_AGO = 1e9


@pytest.fixture
def folder(tmp_path: Path) -> StockFolder:
    """Return an empty folder that was looked at."""
    folder = StockFolder(tmp_path)
    folder.scan(patience=False)
    return folder


def at_start(path: Path) -> Scan:
    """Look with the eyes of a new process."""
    return StockFolder(path).scan(patience=False)


def put(file: Path, content: bytes, changed: float | None = None) -> None:
    """Put a file somewhere, as if it had been there since `changed`."""
    file.write_bytes(content)
    if changed:
        os.utime(file, (changed, changed))


def names(folder: Path) -> list[str]:
    """Return what a person sees in a folder, and what not."""
    return sorted(file.name for file in folder.iterdir())


def titled(title: str) -> bytes:
    """Return an mp3 with a title in its tags."""
    file = BytesIO(MP3)
    tags = ID3()
    tags.add(TIT2(encoding=3, text=[title]))
    tags.save(file)
    return file.getvalue()


def test_an_mp3_dropped_into_fresh_becomes_a_quip_with_its_title_as_text(
    folder: StockFolder, tmp_path: Path
) -> None:
    put(tmp_path / "fresh/track01.mp3", titled("  Who goes\n there? "))
    scan = folder.scan(patience=True)
    (quip,) = scan.fresh
    assert quip.text == "Who goes there?"
    assert quip.duration == pytest.approx(0.5, abs=0.1)
    assert scan.report.adopted == ["track01.mp3"]
    assert names(tmp_path / "fresh") == [f"{quip.uuid}.json", f"{quip.uuid}.mp3"]
    assert at_start(tmp_path).fresh == [quip]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Mind the step.mp3", "Mind the step"),
        ("GRÜSS GOTT.MP3", "GRÜSS GOTT"),
        (os.fsdecode(b"caf\xe9.mp3"), "caf"),
        (os.fsdecode(b"\xe9.mp3"), "?"),
    ],
)
def test_an_mp3_without_a_title_is_called_by_the_name_of_its_file(
    folder: StockFolder, tmp_path: Path, name: str, text: str
) -> None:
    put(tmp_path / "fresh" / name, MP3)
    (quip,) = folder.scan(patience=True).fresh
    assert quip.text == text
    assert at_start(tmp_path).fresh == [quip]


def test_several_dropped_mp3s_are_said_in_the_order_of_their_names(
    folder: StockFolder, tmp_path: Path
) -> None:
    for name in ("2.mp3", "3.mp3", "1.mp3"):
        put(tmp_path / "fresh" / name, MP3)
    assert [quip.text for quip in folder.scan(patience=True).fresh] == ["1", "2", "3"]


def test_what_is_no_mp3_is_set_aside_and_named(folder: StockFolder, tmp_path: Path) -> None:
    put(tmp_path / "fresh/lies.mp3", b"not a sound", LONG_AGO)
    put(tmp_path / "fresh/lies.json", b"{}")
    scan = folder.scan(patience=True)
    assert scan.report.set_aside == ["lies.mp3", "lies.json"]
    assert scan.fresh == []
    assert names(tmp_path / "unreadable") == ["lies.json", "lies.mp3"]


def test_a_file_set_aside_replaces_none_of_the_same_name(
    folder: StockFolder, tmp_path: Path
) -> None:
    for content in (b"one", b"two", b"three"):
        put(tmp_path / "fresh/x.mp3", content, LONG_AGO)
        folder.scan(patience=True)
    aside = tmp_path / "unreadable"
    assert names(aside) == ["x-2.mp3", "x-3.mp3", "x.mp3"]
    assert {file.read_bytes() for file in aside.iterdir()} == {b"one", b"two", b"three"}


def test_a_file_that_is_still_being_copied_is_given_time(
    folder: StockFolder, tmp_path: Path
) -> None:
    file = tmp_path / "fresh/slow.mp3"
    put(file, MP3[:100], time.time() - SETTLED + 5)
    for place in ("fresh", "stale"):
        os.utime(tmp_path / place, (LONG_AGO, LONG_AGO))
    assert folder.scan(patience=True) == Scan()
    put(file, MP3)
    assert len(folder.scan(patience=True).fresh) == 1


def test_at_a_start_nothing_is_being_copied(tmp_path: Path, folder: StockFolder) -> None:
    put(tmp_path / "fresh/half.mp3", MP3[:100])
    assert at_start(tmp_path).report.set_aside == ["half.mp3"]


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", make_quip().as_json()], ids=["nothing", "half", "list", "other"]
)
def test_a_good_mp3_with_bad_metadata_is_adopted_anew_and_the_metadata_kept_aside(
    folder: StockFolder, tmp_path: Path, content: bytes
) -> None:
    old = make_quip()
    put(tmp_path / f"fresh/{old.uuid}.mp3", titled("I persist."))
    put(tmp_path / f"fresh/{old.uuid}.json", content)
    scan = folder.scan(patience=False)
    (quip,) = scan.fresh
    assert quip.text == "I persist."
    assert quip.uuid != old.uuid
    assert scan.report.set_aside == [f"{old.uuid}.json"]
    assert (tmp_path / "unreadable" / f"{old.uuid}.json").read_bytes() == content


def test_an_mp3_that_lost_its_content_is_set_aside(folder: StockFolder, tmp_path: Path) -> None:
    quip = make_quip()
    folder.add(quip, b"")
    assert at_start(tmp_path).report.set_aside == [f"{quip.uuid}.mp3", f"{quip.uuid}.json"]


def test_files_that_are_none_of_ours_are_left_alone(folder: StockFolder, tmp_path: Path) -> None:
    strangers = [".DS_Store", "._a.mp3", "notes.txt", "playlist.json"]
    for name in strangers:
        put(tmp_path / "fresh" / name, b"?", LONG_AGO)
    assert folder.scan(patience=False) == Scan()
    assert names(tmp_path / "fresh") == sorted(strangers)


def test_parts_and_metadata_of_a_quip_that_never_came_are_cleared_away(
    folder: StockFolder, tmp_path: Path
) -> None:
    uuid = make_quip().uuid
    for name in (f".{uuid}.json.part", f".{uuid}.mp3.part", f"{uuid}.json"):
        put(tmp_path / "fresh" / name, b"{")
    assert folder.scan(patience=False) == Scan()
    assert names(tmp_path / "fresh") == []


@pytest.mark.parametrize(("mp3_in", "json_in"), [("stale", "fresh"), ("fresh", "stale")])
def test_a_quip_whose_files_parted_is_where_its_mp3_is(
    folder: StockFolder, tmp_path: Path, mp3_in: str, json_in: str
) -> None:
    quip = make_quip()
    put(tmp_path / mp3_in / f"{quip.uuid}.mp3", MP3)
    put(tmp_path / json_in / f"{quip.uuid}.json", quip.as_json())
    scan = at_start(tmp_path)
    assert {"fresh": scan.fresh, "stale": scan.stale}[mp3_in] == [quip]
    assert names(tmp_path / json_in) == []


def test_metadata_that_is_in_both_folders_is_kept_once(folder: StockFolder, tmp_path: Path) -> None:
    quip = make_quip()
    folder.add(quip, MP3)
    put(tmp_path / f"stale/{quip.uuid}.json", quip.as_json())
    assert at_start(tmp_path).fresh == [quip]
    assert names(tmp_path / "stale") == []


def test_of_two_copies_the_heard_one_keeps_its_name_and_the_other_is_a_new_quip(
    folder: StockFolder, tmp_path: Path
) -> None:
    quip = make_quip()
    for place in ("fresh", "stale"):
        put(tmp_path / place / f"{quip.uuid}.mp3", titled("Again!"))
        put(tmp_path / place / f"{quip.uuid}.json", quip.as_json())
    scan = at_start(tmp_path)
    assert scan.stale == [quip]
    assert [copy.text for copy in scan.fresh] == ["Again!"]
    assert scan.fresh[0].uuid != quip.uuid


def test_what_a_person_removed_is_gone(folder: StockFolder, tmp_path: Path) -> None:
    quip = make_quip()
    folder.add(quip, MP3)
    (tmp_path / f"fresh/{quip.uuid}.mp3").unlink()
    assert folder.scan(patience=True).gone == [quip.uuid]
    assert folder.mp3(quip.uuid) is None
    folder.move_to_stale(quip.uuid)


def test_a_folder_that_a_person_removed_comes_back_empty(
    folder: StockFolder, tmp_path: Path
) -> None:
    (tmp_path / "stale").rmdir()
    quip = make_quip()
    folder.add(quip, MP3)
    (tmp_path / "stale").rmdir()
    folder.move_to_stale(quip.uuid)
    assert names(tmp_path / "stale") == [f"{quip.uuid}.json", f"{quip.uuid}.mp3"]
    assert at_start(tmp_path).stale == [quip]


def test_a_look_at_an_unchanged_folder_does_not_read_it(
    folder: StockFolder, tmp_path: Path
) -> None:
    fresh, stale = tmp_path / "fresh", tmp_path / "stale"
    for place in (fresh, stale):
        os.utime(place, (LONG_AGO, LONG_AGO))
    folder.scan(patience=True)
    put(fresh / "unnoticed.mp3", MP3)
    os.utime(fresh, (LONG_AGO, LONG_AGO))
    assert folder.scan(patience=True) == Scan()
    os.utime(fresh, (LONG_AGO + 1, LONG_AGO + 1))
    assert len(folder.scan(patience=True).fresh) == 1


def test_a_file_that_came_in_the_moment_of_the_last_look_is_noticed(
    folder: StockFolder, tmp_path: Path
) -> None:
    changed = (tmp_path / "fresh").stat().st_mtime_ns
    put(tmp_path / "fresh/same tick.mp3", MP3)
    os.utime(tmp_path / "fresh", ns=(changed, changed))
    assert len(folder.scan(patience=True).fresh) == 1


def test_one_file_that_cannot_be_adopted_does_not_silence_the_others(tmp_path: Path) -> None:
    good = StockFolder(tmp_path)
    quip = make_quip()
    good.add(quip, MP3)
    put(tmp_path / "fresh/new.mp3", MP3)
    folder = StockFolder(tmp_path)
    with disk(error=read_only(), times=100):
        scan = folder.scan(patience=False)
    assert scan.fresh == [quip]
    assert isinstance(scan.trouble, StockUnwritableError)
    assert folder.scan(patience=True).report.adopted == ["new.mp3"]


def test_a_path_that_can_be_no_folder_is_told_in_words(tmp_path: Path) -> None:
    put(tmp_path / "file", b"")
    with pytest.raises(StockError, match="file/stock: Not a directory"):
        at_start(tmp_path / "file/stock")


def test_a_quip_that_was_heard_again_was_heard_later(folder: StockFolder, tmp_path: Path) -> None:
    quips = [make_quip() for _ in range(6)]
    for quip in quips:
        folder.add(quip, MP3)
        folder.move_to_stale(quip.uuid)
    for age, quip in enumerate(quips):
        os.utime(tmp_path / f"stale/{quip.uuid}.mp3", (LONG_AGO - age, LONG_AGO - age))
    folder.move_to_stale(quips[3].uuid)
    assert at_start(tmp_path).stale == [*quips[:3:-1], *quips[2::-1], quips[3]]


def test_a_quip_is_heard_when_it_moves_not_when_it_was_made(
    folder: StockFolder, tmp_path: Path
) -> None:
    old, young = make_quip(), make_quip()
    for quip in (young, old):
        folder.add(quip, MP3)
    os.utime(tmp_path / f"fresh/{old.uuid}.mp3", (LONG_AGO, LONG_AGO))
    folder.move_to_stale(young.uuid)
    os.utime(tmp_path / f"stale/{young.uuid}.mp3", (LONG_AGO + 1, LONG_AGO + 1))
    folder.move_to_stale(old.uuid)
    assert at_start(tmp_path).stale == [young, old]
