"""Which door is meant by voice, and the truth about what it then did."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from homeassistant.core import HomeAssistant
from homeassistant.helpers import area_registry as ar
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.gppde.const import WhenEmpty

from ..assistant import Assistant, meet_assistant, replies
from ..helpers import (
    DOOR,
    RecordingPlayer,
    door,
    entity_id,
    make_entry,
    persona,
    put_on_disk,
    set_up,
    state_of,
)

SHED = "door-2"
BOTH = "Front door and Garden shed"

type Meet = Callable[..., Awaitable[Assistant]]


@pytest.fixture
def meet(hass: HomeAssistant, hass_ws_client: WebSocketGenerator, player: RecordingPlayer) -> Meet:
    """Return what sets GPPDE up, with a front door and a garden shed, and then Assist."""

    async def meet(lines: int = 9, **settings: Any) -> Assistant:
        put_on_disk(hass, *(f"Line {n}." for n in range(lines)))
        doors = [door(), door(SHED, "Garden shed", sensor="binary_sensor.shed")]
        personas = [persona(low_water=0, **settings)]
        await set_up(hass, make_entry(hass, doors=doors, personas=personas))
        return await meet_assistant(hass, hass_ws_client)

    return meet


def switch_of(hass: HomeAssistant, door: str) -> er.RegistryEntry:
    entry = er.async_get(hass).async_get(entity_id(hass, "switch", "talkative", door))
    assert entry
    return entry


def is_talkative(hass: HomeAssistant, door: str) -> bool:
    return state_of(hass, "switch", "talkative", door).state == "on"


@pytest.mark.parametrize(
    "sentence", ["say something", "say something, door", "please say something"]
)
async def test_without_a_name_it_asks_which_of_several_doors_is_meant(
    player: RecordingPlayer, meet: Meet, sentence: str
) -> None:
    assistant = await meet()
    assert await assistant.ask(sentence) in replies("en", "which_door", known=BOTH)
    assert player.played == []


@pytest.mark.parametrize(
    "name", ["garden shed", "the Garden-Shed", "gardenshed", "guarden shed", "garden shet please"]
)
async def test_a_name_that_was_misheard_is_found_all_the_same(
    hass: HomeAssistant, meet: Meet, name: str
) -> None:
    assistant = await meet()
    assert await assistant.ask(f"be quiet, {name}") in replies("en", "quiet", who="Garden shed")
    assert is_talkative(hass, DOOR)
    assert not is_talkative(hass, SHED)


@pytest.mark.parametrize(
    ("language", "quiet", "talk", "conjunction"),
    [
        ("en", "be quiet, all doors", "you may all talk again", "and"),
        ("de", "seid alle still", "ihr dürft alle wieder reden", "und"),
        ("fr", "taisez-vous toutes", "vous pouvez toutes reparler", "et"),
        ("es", "callaos todas", "podéis volver a hablar todas", "y"),
        ("nl", "wees allemaal stil", "jullie mogen allemaal weer praten", "en"),
    ],
)
async def test_all_doors_can_be_meant(
    hass: HomeAssistant, meet: Meet, language: str, quiet: str, talk: str, conjunction: str
) -> None:
    assistant = await meet()
    both = f"Front door {conjunction} Garden shed"
    assert await assistant.ask(quiet, language) in replies(language, "quiet", None, who=both)
    assert not is_talkative(hass, DOOR)
    assert not is_talkative(hass, SHED)
    assert await assistant.ask(talk, language) in replies(language, "talk", None, who=both)
    assert is_talkative(hass, DOOR)
    assert is_talkative(hass, SHED)


async def test_what_is_told_of_several_doors_is_the_truth_of_each(
    hass: HomeAssistant, meet: Meet
) -> None:
    assistant = await meet()
    await assistant.ask("be quiet, front door")
    reply = await assistant.ask("everybody be quiet")
    assert reply in {
        f"{one} {other}"
        for one in replies("en", "quiet_already", who="Front door")
        for other in replies("en", "quiet", who="Garden shed")
    }


async def test_a_door_goes_by_the_name_and_the_aliases_that_a_person_gave_it(
    hass: HomeAssistant, meet: Meet
) -> None:
    assistant = await meet()
    switch = switch_of(hass, SHED)
    assert switch.device_id
    dr.async_get(hass).async_update_device(switch.device_id, name_by_user="Man cave")
    aliases = [*switch.aliases, "Old squeaky"]
    er.async_get(hass).async_update_entity(switch.entity_id, aliases=aliases)
    for name in ("man cave", "old squeeky", "garden shed"):
        assert await assistant.ask(f"say something, {name}") in replies(
            "en", "said", who="Garden shed"
        )


async def test_a_door_answers_to_the_name_of_who_speaks_there(
    hass: HomeAssistant, player: RecordingPlayer, hass_ws_client: WebSocketGenerator
) -> None:
    put_on_disk(hass, "One.")
    put_on_disk(hass, "Two.", persona="persona-2")
    doors = [door(), door(SHED, "Garden shed", sensor="binary_sensor.shed", persona="persona-2")]
    personas = [persona(low_water=0), persona("persona-2", "Grumbold", low_water=0)]
    await set_up(hass, make_entry(hass, doors=doors, personas=personas))
    assistant = await meet_assistant(hass, hass_ws_client)
    said = await assistant.ask("say something, grumbolt")
    assert said in replies("en", "said", who="Garden shed")


async def test_a_door_is_found_by_the_area_in_which_it_is_alone(
    hass: HomeAssistant, meet: Meet
) -> None:
    assistant = await meet()
    kitchen = ar.async_get(hass).async_create("Kitchen", aliases={"Galley"})
    devices = dr.async_get(hass)
    device_ids = [switch_of(hass, owner).device_id for owner in (DOOR, SHED)]
    devices.async_update_device(str(device_ids[0]), area_id=kitchen.id)
    for area in ("kitchen", "galley"):
        reply = await assistant.ask(f"say something, {area}")
        assert reply in replies("en", "said", who="Front door")
    devices.async_update_device(str(device_ids[1]), area_id=kitchen.id)
    assert await assistant.ask("say something, kitchen") in replies("en", "which_door", known=BOTH)


async def test_where_there_is_no_door_it_says_so(
    hass: HomeAssistant, player: RecordingPlayer, hass_ws_client: WebSocketGenerator
) -> None:
    await set_up(hass, make_entry(hass, doors=[], personas=[]))
    assistant = await meet_assistant(hass, hass_ws_client)
    for sentence in ("say something", "say something, front door", "be quiet", "talk again"):
        assert await assistant.ask(sentence) in replies("en", "no_doors")


async def test_a_door_that_no_player_speaks_for_does_not_claim_to_have_spoken(
    player: RecordingPlayer, meet: Meet
) -> None:
    assistant = await meet()
    player.refuses = True
    reply = await assistant.ask("say something, front door")
    assert reply in replies("en", "no_player", who="Front door")


async def test_a_door_with_nothing_to_say_admits_it(player: RecordingPlayer, meet: Meet) -> None:
    assistant = await meet(lines=1, when_empty=WhenEmpty.SILENT)
    assert await assistant.ask("say something, shed") in replies("en", "said", who="Garden shed")
    reply = await assistant.ask("say something, shed")
    assert reply in replies("en", "nothing_to_say", who="Garden shed")
    assert len(player.played) == 1


async def test_nobody_waits_long_for_a_player_that_takes_its_time(
    monkeypatch: pytest.MonkeyPatch, player: RecordingPlayer, meet: Meet
) -> None:
    is_done = asyncio.Event()

    async def dawdle(media_type: str, media_id: str, **_: Any) -> None:
        await is_done.wait()

    monkeypatch.setattr("custom_components.gppde.voice.door_deeds.PATIENCE", 0.01)
    monkeypatch.setattr(player, "async_play_media", dawdle)
    assistant = await meet()
    reply = await assistant.ask("say something, front door")
    assert reply in replies("en", "asked", who="Front door")
    is_done.set()


@pytest.mark.parametrize("remove", [True, False])
async def test_a_door_whose_switch_is_gone_does_not_claim_to_be_quiet(
    hass: HomeAssistant, meet: Meet, remove: bool, caplog: pytest.LogCaptureFixture
) -> None:
    assistant = await meet()
    entities, switch = er.async_get(hass), entity_id(hass, "switch", "talkative", DOOR)
    if remove:
        entities.async_remove(switch)
    else:
        entities.async_update_entity(switch, disabled_by=er.RegistryEntryDisabler.USER)
    await hass.async_block_till_done()
    assert await assistant.ask("be quiet, front door") in replies("en", "failed")
    assert "The switch Talkative of Front door is gone or disabled" in caplog.text


async def test_whoever_may_not_switch_a_door_is_told_that_it_did_not_work(
    hass: HomeAssistant,
    meet: Meet,
    hass_ws_client: WebSocketGenerator,
    hass_read_only_access_token: str,
) -> None:
    await meet()
    await hass.services.async_call(
        "switch",
        "turn_off",
        {"entity_id": entity_id(hass, "switch", "talkative", DOOR)},
        blocking=True,
    )
    guest = await meet_assistant(hass, hass_ws_client, hass_read_only_access_token)
    assert await guest.chat("you may talk again, front door") in replies("en", "failed")
    assert not is_talkative(hass, DOOR)
