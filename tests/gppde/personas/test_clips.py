"""Clips on disk: kept for as long as a persona speaks like them, and not a moment longer."""

from pathlib import Path

import pytest
from homeassistant.core import HomeAssistant

from custom_components.gppde.errors import ClipMissingError, StockError
from custom_components.gppde.personas.clip_folder import ClipFolder
from custom_components.gppde.personas.clips import Clips, clips

from ..clips import FLAC, WAV, clips_on_disk, put_clip, voices_folder
from ..faulty_disk import Killed, disk, read_only
from ..helpers import (
    PERSONA,
    RecordingPlayer,
    make_entry,
    persona,
    put_on_disk,
    set_up,
    state_of,
)

NAME = f"{'0' * 64}.wav"


def names(folder: Path) -> set[str]:
    return {file.name for file in folder.iterdir()}


def test_a_clip_that_is_stored_can_be_read(tmp_path: Path) -> None:
    folder = ClipFolder(tmp_path / "voices")
    name = folder.add(WAV, "wav")
    assert folder.add(WAV, "wav") == name
    assert folder.read(name) == WAV
    assert names(tmp_path / "voices") == {name}


@pytest.mark.parametrize("after", range(4))
def test_a_crash_leaves_a_whole_clip_or_what_the_next_start_deletes(
    tmp_path: Path, after: int
) -> None:
    folder = ClipFolder(tmp_path / "voices")
    with pytest.raises(Killed), disk(error=Killed(), after=after):
        folder.add(WAV, "wav")
    folder.keep_only({})
    assert not (tmp_path / "voices").exists()


@pytest.mark.parametrize("after", range(4))
def test_a_disk_that_fails_is_told_in_words(tmp_path: Path, after: int) -> None:
    folder = ClipFolder(tmp_path / "voices")
    with (
        pytest.raises(StockError, match="may not read and write"),
        disk(error=read_only(), after=after),
    ):
        folder.add(WAV, "wav")


def test_a_clip_that_is_gone_or_no_file_is_told_with_its_place(tmp_path: Path) -> None:
    folder = ClipFolder(tmp_path)
    (tmp_path / NAME).mkdir()
    for name in (NAME, f"{'1' * 64}.flac"):
        with pytest.raises(ClipMissingError, match=name):
            folder.read(name)


def test_only_clips_are_ever_deleted(tmp_path: Path) -> None:
    folder = ClipFolder(tmp_path)
    kept = folder.add(WAV, "wav")
    folder.add(FLAC, "flac")
    (tmp_path / f".{NAME}.part").write_bytes(WAV)
    for mine in ("grandma.wav", "notes.txt"):
        (tmp_path / mine).write_bytes(WAV)
    folder.keep_only({kept})
    assert names(tmp_path) == {kept, "grandma.wav", "notes.txt"}


def test_where_nothing_was_stored_nothing_is_to_be_deleted(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("a file where the folder belongs")
    for path in ("voices", "file/voices"):
        ClipFolder(tmp_path / path).keep_only({})


async def test_a_clip_that_nobody_speaks_like_goes_at_the_next_start(
    hass: HomeAssistant, player: RecordingPlayer
) -> None:
    put_clip(hass, FLAC, "flac")
    await set_up(hass, make_entry(hass, personas=[persona(clip=put_clip(hass))]))
    assert clips_on_disk(hass) == [WAV]


async def test_a_clip_goes_with_its_persona(hass: HomeAssistant, player: RecordingPlayer) -> None:
    entry = await set_up(hass, make_entry(hass, personas=[persona(clip=put_clip(hass))]))
    hass.config_entries.async_remove_subentry(entry, PERSONA)
    await hass.async_block_till_done()
    assert not voices_folder(hass).exists()


async def test_a_clip_goes_with_the_integration_and_the_quips_stay(
    hass: HomeAssistant, player: RecordingPlayer
) -> None:
    put_on_disk(hass, "Mine to keep.")
    entry = await set_up(hass, make_entry(hass, personas=[persona(clip=put_clip(hass))]))
    await hass.config_entries.async_remove(entry.entry_id)
    assert not voices_folder(hass).exists()
    assert len(list(voices_folder(hass).parent.glob("*/fresh/*.mp3"))) == 1


async def test_a_clip_that_cannot_be_deleted_hinders_nothing(
    hass: HomeAssistant, player: RecordingPlayer, caplog: pytest.LogCaptureFixture
) -> None:
    put_clip(hass)
    with disk(error=read_only()):
        await clips(hass).sweep()
    assert "could not be deleted" in caplog.text
    await set_up(hass, make_entry(hass))
    assert clips_on_disk(hass) == []


async def test_a_clip_is_no_stock_so_the_first_door_still_gets_its_starter_pack(
    hass: HomeAssistant, player: RecordingPlayer
) -> None:
    await set_up(hass, make_entry(hass, personas=[persona(clip=put_clip(hass))]))
    assert state_of(hass, "sensor", "quip_stock", PERSONA).state == "12"


async def test_all_share_one_keeper_of_the_clips(hass: HomeAssistant) -> None:
    assert isinstance(clips(hass), Clips)
    assert clips(hass) is clips(hass)
