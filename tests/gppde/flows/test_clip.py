"""A person gives a persona somebody's voice, and takes it away again."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from aiohttp import FormData
from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType, InvalidData
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.gppde.const import DOMAIN
from custom_components.gppde.flows.clip import LARGEST, kind_of
from custom_components.gppde.issues import raise_issue
from custom_components.gppde.personas.clips import clips
from tests.gppde.clips import (
    FLAC,
    MP3,
    MP3_WITH_TITLE,
    WAV,
    clips_on_disk,
    put_clip,
    voices_folder,
)
from tests.gppde.faulty_disk import disk, out_of_space
from tests.gppde.helpers import PERSONA, find_issue, make_entry, persona, set_up

from .forms import Result, prefilled, read, start_subentry, submit

type Upload = Callable[[bytes], Awaitable[str]]

AAC = bytes.fromhex("fff15080") + bytes(40)


@pytest.fixture
async def upload(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Upload:
    """Return what sends a file as the frontend does, before it sends the form."""
    uploads = tmp_path / "uploads"
    monkeypatch.setattr("homeassistant.components.file_upload.TEMP_DIR_NAME", str(uploads))
    assert await async_setup_component(hass, DOMAIN, {})
    client = await hass_client()

    async def send(content: bytes) -> str:
        form = FormData()
        form.add_field("file", content, filename="voice.exe")
        answer = await client.post("/api/file_upload", data=form)
        file_id: str = (await answer.json())["file_id"]
        return file_id

    return send


def uploads(hass: HomeAssistant) -> list[Path]:
    return list(Path(hass.config.path("uploads")).iterdir())


async def add(hass: HomeAssistant, entry: MockConfigEntry, **fields: Any) -> Result:
    form = await start_subentry(hass, entry, "persona")
    assert "remove_clip" not in prefilled(form)
    return await submit(hass, form, prefilled(form) | {"name": "Latch"} | fields)


async def change(hass: HomeAssistant, entry: MockConfigEntry, **fields: Any) -> Result:
    form = read(await entry.start_subentry_reconfigure_flow(hass, PERSONA))
    return await submit(hass, form, prefilled(form) | fields)


def last_persona(entry: MockConfigEntry) -> ConfigSubentry:
    return entry.get_subentries_of_type("persona")[-1]


@pytest.mark.parametrize(
    ("clip", "kind"),
    [(WAV, "wav"), (FLAC, "flac"), (MP3, "mp3"), (MP3_WITH_TITLE, "mp3")],
    ids=["wav", "flac", "mp3", "mp3 with a title"],
)
async def test_a_clip_is_kept_with_the_persona_it_is_chosen_for(
    hass: HomeAssistant, upload: Upload, clip: bytes, kind: str
) -> None:
    entry = await set_up(hass, make_entry(hass, doors=[]))
    result = await add(hass, entry, clip=await upload(clip))
    assert result["type"] is FlowResultType.CREATE_ENTRY
    name = last_persona(entry).data["clip"]
    assert name.endswith(f".{kind}")
    assert (voices_folder(hass) / name).read_bytes() == clip
    assert uploads(hass) == []
    assert await entry.runtime_data.personas[last_persona(entry).subentry_id].clip() == clip


async def test_a_clip_may_be_as_large_as_a_server_takes(
    hass: HomeAssistant, upload: Upload
) -> None:
    largest = WAV + bytes(LARGEST - len(WAV))
    result = await add(hass, make_entry(hass), clip=await upload(largest))
    assert result["type"] is FlowResultType.CREATE_ENTRY


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", "clip_of_unknown_kind"),
        (b"MZ\x90\0" + bytes(99), "clip_of_unknown_kind"),
        (b"RIFF\x24\0\0\0AVI " + bytes(99), "clip_of_unknown_kind"),
        (AAC, "clip_of_unknown_kind"),
        (WAV + bytes(LARGEST), "clip_too_large"),
    ],
    ids=["empty", "program", "film", "aac", "large"],
)
async def test_what_is_no_clip_is_told_and_another_can_be_chosen(
    hass: HomeAssistant, upload: Upload, content: bytes, error: str
) -> None:
    entry = make_entry(hass)
    form = await add(hass, entry, clip=await upload(content))
    assert form["errors"] == {"clip": error}
    assert "clip" not in prefilled(form)
    assert prefilled(form)["name"] == "Latch"
    assert uploads(hass) == []
    assert clips_on_disk(hass) == []

    await submit(hass, form, prefilled(form) | {"clip": await upload(WAV)})
    assert clips_on_disk(hass) == [WAV]


async def test_an_upload_is_not_lost_to_a_mistake_elsewhere_in_the_form(
    hass: HomeAssistant, upload: Upload
) -> None:
    entry = make_entry(hass)
    form = await add(hass, entry, name="hinge", clip=await upload(WAV))
    assert form["errors"] == {"name": "name_taken"}
    assert clips_on_disk(hass) == []
    await submit(hass, form, prefilled(form) | {"name": "Latch"})
    assert clips_on_disk(hass) == [WAV]


async def test_an_upload_that_is_gone_is_asked_for_again(
    hass: HomeAssistant, upload: Upload
) -> None:
    form = await add(hass, make_entry(hass), clip="0" * 32)
    assert form["errors"] == {"clip": "clip_lost"}


async def test_what_is_not_an_upload_at_all_is_refused(hass: HomeAssistant, upload: Upload) -> None:
    with pytest.raises(InvalidData):
        await add(hass, make_entry(hass), clip="../secrets.yaml")


async def test_a_full_disk_keeps_no_half_of_a_clip(
    hass: HomeAssistant, upload: Upload, caplog: pytest.LogCaptureFixture
) -> None:
    entry = make_entry(hass)
    file = await upload(WAV)
    voices_folder(hass).mkdir(parents=True)
    with disk(error=out_of_space(), after=2):  # once the upload is tidied away
        form = await add(hass, entry, clip=file)
    assert form["errors"] == {"clip": "clip_not_stored"}
    assert "is full" in caplog.text
    assert clips_on_disk(hass) == []


async def test_a_clip_on_its_way_is_not_taken_for_one_that_nobody_needs(
    hass: HomeAssistant, upload: Upload
) -> None:
    entry = make_entry(hass)
    form = await start_subentry(hass, entry, "persona")
    filled = prefilled(form) | {"name": "Latch", "clip": await upload(WAV)}
    sweeps = [hass.async_create_task(clips(hass).sweep()) for _ in range(99)]
    await submit(hass, form, filled)
    await asyncio.gather(*sweeps)
    assert clips_on_disk(hass) == [WAV]


async def test_a_persona_that_is_changed_keeps_its_clip(
    hass: HomeAssistant, upload: Upload
) -> None:
    clip = put_clip(hass)
    entry = await set_up(hass, make_entry(hass, personas=[persona(clip=clip)]))
    await change(hass, entry, name="Creak")
    assert last_persona(entry).title == "Creak"
    assert last_persona(entry).data["clip"] == clip
    assert clips_on_disk(hass) == [WAV]


@pytest.mark.parametrize("removes_too", [False, True])
async def test_another_clip_takes_the_place_of_the_old_one(
    hass: HomeAssistant, upload: Upload, *, removes_too: bool
) -> None:
    entry = await set_up(hass, make_entry(hass, personas=[persona(clip=put_clip(hass))]))
    await change(hass, entry, clip=await upload(FLAC), remove_clip=removes_too)
    assert last_persona(entry).data["clip"].endswith(".flac")
    assert clips_on_disk(hass) == [FLAC]


async def test_the_same_clip_again_stays(hass: HomeAssistant, upload: Upload) -> None:
    clip = put_clip(hass)
    entry = await set_up(hass, make_entry(hass, personas=[persona(clip=clip)]))
    await change(hass, entry, clip=await upload(WAV))
    assert last_persona(entry).data["clip"] == clip
    assert clips_on_disk(hass) == [WAV]


async def test_a_clip_that_is_removed_is_deleted(hass: HomeAssistant, upload: Upload) -> None:
    entry = await set_up(hass, make_entry(hass, personas=[persona(clip=put_clip(hass))]))
    await change(hass, entry, remove_clip=True)
    assert dict(last_persona(entry).data) == persona()["data"]
    assert entry.runtime_data.personas[PERSONA].clip_name is None
    assert not voices_folder(hass).exists()


async def test_a_clip_that_another_persona_has_too_stays(
    hass: HomeAssistant, upload: Upload
) -> None:
    clip = put_clip(hass)
    both = [persona(clip=clip), persona("persona-2", "Latch", clip=clip)]
    entry = await set_up(hass, make_entry(hass, personas=both))
    await change(hass, entry, remove_clip=True)
    assert clips_on_disk(hass) == [WAV]
    hass.config_entries.async_remove_subentry(entry, "persona-2")
    await hass.async_block_till_done()
    assert clips_on_disk(hass) == []


@pytest.mark.parametrize("mends", [True, False], ids=["another", "none"])
async def test_who_mends_the_clip_is_no_longer_told_of_it(
    hass: HomeAssistant, upload: Upload, *, mends: bool
) -> None:
    entry = await set_up(hass, make_entry(hass, personas=[persona(clip="gone.wav")]))
    raise_issue(hass, "clip_missing", about=PERSONA, persona="Hinge", error="It is gone.")
    await change(hass, entry, name="Creak")
    assert find_issue(hass, f"clip_missing_{PERSONA}")
    await change(hass, entry, **({"clip": await upload(FLAC)} if mends else {"remove_clip": True}))
    assert not find_issue(hass, f"clip_missing_{PERSONA}")


def test_what_has_the_beginning_of_a_clip_is_believed_until_a_server_looks() -> None:
    assert [kind_of(it) for it in (WAV, FLAC, MP3, AAC, b"\xff")] == [
        "wav",
        "flac",
        "mp3",
        None,
        None,
    ]
