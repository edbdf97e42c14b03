"""Quips outlive their persona, until a person says what is to become of them."""

from pathlib import Path

import pytest
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.gppde.const import DOMAIN
from custom_components.gppde.personas.persona import stocks_folder
from custom_components.gppde.quips.leftovers import find_leftovers

from ..helpers import (
    PERSONA,
    RecordingPlayer,
    make_entry,
    make_mp3,
    persona,
    put_on_disk,
    set_up,
    state_of,
)
from ..repairing import Person

LATCH = "persona-2"


def question(hass: HomeAssistant) -> str | None:
    """Return the id of the issue that asks, if a person sees one."""
    for (domain, id_), issue in ir.async_get(hass).issues.items():
        asks = domain == DOMAIN and issue.translation_key == "quips_left"
        if asks and issue.active and not issue.dismissed_version:
            return id_
    return None


def files(hass: HomeAssistant) -> set[str]:
    """Return all files of ours, and all folders."""
    stocks = stocks_folder(hass)
    return {str(it.relative_to(stocks)) for it in stocks.rglob("*")} if stocks.is_dir() else set()


async def remove(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    await hass.config_entries.async_remove(entry.entry_id)
    await hass.async_block_till_done()


@pytest.fixture
async def entry(hass: HomeAssistant, player: RecordingPlayer) -> MockConfigEntry:
    """A household in which two personas have quips."""
    put_on_disk(hass, "Mine.", "Mine, too.")
    put_on_disk(hass, "Said.", persona=LATCH, heap="stale")
    put_on_disk(hass, "Latch's.", persona=LATCH)
    personas = [persona(), persona(LATCH, "Latch")]
    return await set_up(hass, make_entry(hass, personas=personas))


async def test_while_each_quip_has_its_persona_nobody_asks(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    assert question(hass) is None


async def test_after_the_removal_of_all_a_person_is_asked_and_keeps_the_quips(
    hass: HomeAssistant, person: Person, entry: MockConfigEntry
) -> None:
    before = files(hass)
    await remove(hass, entry)
    asked = question(hass)
    assert asked
    menu = await person.opens(asked)
    assert menu["menu_options"] == ["keep", "delete"]
    told = menu["description_placeholders"]
    size = 4 * len(make_mp3()) / 1e6
    assert told["count"] == "4"
    assert float(told["megabytes"]) == pytest.approx(size, abs=0.1)
    assert told["folder"] == str(stocks_folder(hass))

    last = await person.chooses(menu, "keep")

    assert (last["type"], last["reason"]) == ("abort", "kept")
    assert question(hass) is None
    assert files(hass) == before


async def test_what_is_deleted_is_gone_with_its_folders(
    hass: HomeAssistant, person: Person, entry: MockConfigEntry
) -> None:
    await remove(hass, entry)
    done = await person.chooses(await person.opens(question(hass) or ""), "delete")
    assert done["type"] == "create_entry"
    assert question(hass) is None
    assert not stocks_folder(hass).exists()


async def test_what_a_person_put_there_is_not_deleted(
    hass: HomeAssistant, person: Person, entry: MockConfigEntry, tmp_path: Path
) -> None:
    stocks = stocks_folder(hass)
    elsewhere = tmp_path / "elsewhere" / "fresh"
    elsewhere.mkdir(parents=True)
    [quip, _] = put_on_disk(hass, "Not", "yours.", persona="../elsewhere")
    (stocks / "linked").symlink_to(elsewhere.parent, target_is_directory=True)
    theirs = {
        f"{PERSONA}/fresh/a tune.flac",
        f"{PERSONA}/fresh/2bc65b4e-68ea-5143-adc1-ca962e3f8aff.mp3.bak",
        f"{PERSONA}/notes.txt",
        f"{LATCH}/unreadable/rotten.mp3",
        "readme.txt",
    }
    for name in theirs:
        (stocks / name).parent.mkdir(exist_ok=True)
        (stocks / name).write_text("mine")
    (stocks / PERSONA / "fresh" / f".{quip.uuid}.mp3.part").write_bytes(b"half")

    await remove(hass, entry)
    await person.chooses(await person.opens(question(hass) or ""), "delete")

    left = {name for name in files(hass) if (stocks / name).is_file()}
    assert left == theirs
    assert (elsewhere / f"{quip.uuid}.mp3").is_file()


async def test_after_the_removal_of_one_persona_its_quips_are_asked_about(
    hass: HomeAssistant, person: Person, entry: MockConfigEntry
) -> None:
    hass.config_entries.async_remove_subentry(entry, LATCH)
    await hass.async_block_till_done()
    menu = await person.opens(question(hass) or "")
    assert menu["description_placeholders"]["count"] == "2"
    await person.chooses(menu, "delete")
    assert not (stocks_folder(hass) / LATCH).exists()
    assert state_of(hass, "sensor", "quip_stock", PERSONA).state == "2"


async def test_another_persona_takes_them(
    hass: HomeAssistant, person: Person, entry: MockConfigEntry
) -> None:
    hass.config_entries.async_remove_subentry(entry, LATCH)
    await hass.async_block_till_done()
    form = await person.chooses(await person.opens(question(hass) or ""), "give")
    done = await person.submits(form, {"persona": PERSONA})
    assert done["type"] == "create_entry"
    state = state_of(hass, "sensor", "quip_stock", PERSONA)
    assert (state.state, state.attributes["stale"]) == ("3", 1)
    assert not (stocks_folder(hass) / LATCH).exists()
    assert await hass.config_entries.async_reload(entry.entry_id)
    assert question(hass) is None


async def test_who_adds_gppde_again_hears_a_door_at_once_and_may_have_the_old_quips(
    hass: HomeAssistant, person: Person, entry: MockConfigEntry
) -> None:
    await remove(hass, entry)
    await set_up(hass, make_entry(hass, personas=[persona("persona-3", "Hinge")]))
    assert state_of(hass, "sensor", "quip_stock", "persona-3").state == "12"
    form = await person.chooses(await person.opens(question(hass) or ""), "give")
    await person.submits(form, {"persona": "persona-3"})
    assert state_of(hass, "sensor", "quip_stock", "persona-3").state == "15"


async def test_who_has_answered_is_asked_again_only_about_other_quips(
    hass: HomeAssistant, person: Person, entry: MockConfigEntry
) -> None:
    hass.config_entries.async_remove_subentry(entry, LATCH)
    await hass.async_block_till_done()
    await person.chooses(await person.opens(question(hass) or ""), "keep")
    assert await hass.config_entries.async_reload(entry.entry_id)
    assert question(hass) is None

    hass.config_entries.async_remove_subentry(entry, PERSONA)
    await hass.async_block_till_done()
    assert question(hass)


async def test_a_disk_that_fails_is_told_and_the_question_stays(
    hass: HomeAssistant,
    person: Person,
    entry: MockConfigEntry,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    hass.config_entries.async_remove_subentry(entry, LATCH)
    await hass.async_block_till_done()

    def fail(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "unlink", fail)
    monkeypatch.setattr(Path, "replace", fail)
    menu = await person.opens(question(hass) or "")
    assert (await person.chooses(menu, "delete"))["reason"] == "disk_failed"
    form = await person.chooses(await person.opens(question(hass) or ""), "give")
    assert (await person.submits(form, {"persona": PERSONA}))["reason"] == "disk_failed"
    assert question(hass)


async def test_personas_that_go_while_the_question_is_open_are_told(
    hass: HomeAssistant, person: Person, entry: MockConfigEntry
) -> None:
    hass.config_entries.async_remove_subentry(entry, LATCH)
    await hass.async_block_till_done()
    menu = await person.opens(question(hass) or "")
    await hass.config_entries.async_unload(entry.entry_id)
    assert (await person.chooses(menu, "give"))["reason"] == "not_loaded"


async def test_a_folder_that_cannot_be_read_hinders_nothing(
    hass: HomeAssistant, player: RecordingPlayer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: object) -> None:
        raise PermissionError(13, "Permission denied")

    put_on_disk(hass, "Hello.")
    monkeypatch.setattr("custom_components.gppde.quips.leftovers._files", fail)
    put_on_disk(hass, "Nobody's.", persona="gone")
    await set_up(hass, make_entry(hass))
    assert state_of(hass, "sensor", "quip_stock", PERSONA).state == "1"
    assert question(hass) is None


def test_where_nothing_is_nothing_is_left(tmp_path: Path) -> None:
    assert find_leftovers(tmp_path / "gppde", ()) is None


async def test_clips_are_no_leftovers(hass: HomeAssistant, player: RecordingPlayer) -> None:
    voices = stocks_folder(hass) / "voices" / "fresh"
    voices.mkdir(parents=True)
    (voices / "2bc65b4e-68ea-5143-adc1-ca962e3f8aff.mp3").write_bytes(b"")
    await set_up(hass, make_entry(hass))
    assert question(hass) is None
