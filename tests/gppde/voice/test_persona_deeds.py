"""What is told by voice of stocks and refills is so."""

import asyncio

import pytest
from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.gppde.const import DOMAIN

from ..assistant import Assistant, meet_assistant, replies
from ..helpers import (
    DEAD_URL,
    PERSONA,
    RecordingPlayer,
    door,
    make_entry,
    persona,
    put_on_disk,
    set_up,
    state_of,
)
from ..quipgen_double import Quipgen
from ..refilling import DONE, ScriptedSource, made

LATCH = "persona-2"


async def meet(
    hass: HomeAssistant, hass_ws_client: WebSocketGenerator, url: str, **lines: int
) -> Assistant:
    """Set GPPDE up with personas that have so many lines, and then Assist."""
    ids = dict(zip(lines, (PERSONA, LATCH), strict=False))
    for name, count in lines.items():
        put_on_disk(hass, *(f"{name} {n}." for n in range(count)), persona=ids[name])
    personas = [persona(ids[name], name, low_water=0) for name in lines]
    await set_up(hass, make_entry(hass, personas=personas, url=url))
    return await meet_assistant(hass, hass_ws_client)


@pytest.fixture
def source(monkeypatch: pytest.MonkeyPatch) -> ScriptedSource:
    """Return where quips come from, when the test says so."""
    source = ScriptedSource()

    async def build(*_: object) -> tuple[ScriptedSource, None]:
        return source, None

    monkeypatch.setattr("custom_components.gppde.build_source", build)
    return source


async def until_asked(source: ScriptedSource) -> None:
    for _ in range(500):
        if source.orders:
            return
        await asyncio.sleep(0.01)
    pytest.fail("Nothing was asked of the source.")


async def test_a_refill_that_runs_is_not_begun_twice(
    hass: HomeAssistant,
    player: RecordingPlayer,
    source: ScriptedSource,
    hass_ws_client: WebSocketGenerator,
) -> None:
    assistant = await meet(hass, hass_ws_client, DEAD_URL, Hinge=9)
    assert await assistant.ask("refill quips") in replies("en", "ordered", who="Hinge")
    await until_asked(source)
    assert await assistant.ask("refill quips") in replies("en", "running", who="Hinge")
    source.give(made(), DONE)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert len(source.orders) == 1


async def test_a_refill_that_is_cut_short_by_an_unload_is_no_stack_trace(
    hass: HomeAssistant,
    player: RecordingPlayer,
    source: ScriptedSource,
    hass_ws_client: WebSocketGenerator,
    caplog: pytest.LogCaptureFixture,
) -> None:
    assistant = await meet(hass, hass_ws_client, DEAD_URL, Hinge=9)
    await assistant.ask("refill quips")
    await until_asked(source)
    [entry] = hass.config_entries.async_loaded_entries(DOMAIN)
    assert await hass.config_entries.async_unload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert "Traceback" not in caplog.text
    assert "never retrieved" not in caplog.text


async def test_where_nobody_makes_quips_none_are_promised(
    hass: HomeAssistant, player: RecordingPlayer, hass_ws_client: WebSocketGenerator
) -> None:
    put_on_disk(hass, "Once.")
    entry = MockConfigEntry(
        domain=DOMAIN, data={"source": "starter"}, subentries_data=[persona(low_water=0)]
    )
    entry.add_to_hass(hass)
    await set_up(hass, entry)
    assistant = await meet_assistant(hass, hass_ws_client)
    assert await assistant.ask("refill quips") in replies("en", "no_source", who="Hinge")


async def test_stocks_that_lack_nothing_are_told_apart_from_those_that_get_quips(
    hass: HomeAssistant,
    player: RecordingPlayer,
    quipgen: Quipgen,
    hass_ws_client: WebSocketGenerator,
) -> None:
    assistant = await meet(hass, hass_ws_client, quipgen.url, Hinge=10, Latch=7)
    assert await assistant.ask("refill all quips") in {
        f"{one} {other}"
        for one in replies("en", "full", who="Hinge")
        for other in replies("en", "ordered", who="Latch")
    }
    await hass.async_block_till_done(wait_background_tasks=True)
    assert [order["count"] for order in quipgen.orders] == [3]


async def test_several_orders_are_one_sentence(
    hass: HomeAssistant,
    player: RecordingPlayer,
    quipgen: Quipgen,
    hass_ws_client: WebSocketGenerator,
) -> None:
    assistant = await meet(hass, hass_ws_client, quipgen.url, Hinge=9, Latch=9)
    reply = await assistant.ask("refill quips")
    assert reply in replies("en", "ordered", None, who="Hinge and Latch")
    await hass.async_block_till_done(wait_background_tasks=True)
    assert state_of(hass, "sensor", "quip_stock", LATCH).state == "10"


async def test_a_refill_that_fails_is_owned_up_to_when_asked_again(
    hass: HomeAssistant,
    player: RecordingPlayer,
    quipgen: Quipgen,
    hass_ws_client: WebSocketGenerator,
) -> None:
    assistant = await meet(hass, hass_ws_client, quipgen.url, Hinge=9)
    quipgen.broken = True
    assert await assistant.ask("refill quips") in replies("en", "ordered", who="Hinge")
    await hass.async_block_till_done(wait_background_tasks=True)
    assert await assistant.ask("refill quips") in replies("en", "ordered_again", who="Hinge")
    await hass.async_block_till_done(wait_background_tasks=True)
    quipgen.broken = False
    assert await assistant.ask("refill quips") in replies("en", "ordered_again", who="Hinge")
    await hass.async_block_till_done(wait_background_tasks=True)
    assert state_of(hass, "sensor", "quip_stock", PERSONA).state == "10"


async def test_what_a_person_stopped_is_no_failure_and_goes_on_for_whoever_asks(
    hass: HomeAssistant,
    player: RecordingPlayer,
    quipgen: Quipgen,
    hass_ws_client: WebSocketGenerator,
) -> None:
    assistant = await meet(hass, hass_ws_client, quipgen.url, Hinge=9)
    refill = hass.config_entries.async_loaded_entries(DOMAIN)[0].runtime_data.refill
    quipgen.broken = True
    await assistant.ask("refill quips")
    await hass.async_block_till_done(wait_background_tasks=True)
    await refill.abandon()
    assert refill.state == "stopped"
    quipgen.broken = False
    assert await assistant.ask("refill quips") in replies("en", "ordered", who="Hinge")
    await hass.async_block_till_done(wait_background_tasks=True)
    assert state_of(hass, "sensor", "quip_stock", PERSONA).state == "10"


@pytest.mark.parametrize(("lines", "key"), [(0, "stock_none"), (1, "stock_one"), (2, "stock_many")])
@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "how many quips are left"),
        ("de", "wie viele Sprüche sind noch da"),
        ("fr", "combien de répliques reste-t-il"),
        ("es", "cuántas ocurrencias quedan"),
        ("nl", "hoeveel quips zijn er nog"),
    ],
)
async def test_few_quips_are_counted_in_good_grammar(
    hass: HomeAssistant,
    player: RecordingPlayer,
    quipgen: Quipgen,
    hass_ws_client: WebSocketGenerator,
    lines: int,
    key: str,
    language: str,
    sentence: str,
) -> None:
    put_on_disk(hass, "Said.", heap="stale")
    put_on_disk(hass, *(f"Line {n}." for n in range(lines)))
    quipgen.broken = True
    await set_up(hass, make_entry(hass, personas=[persona(low_water=0)], url=quipgen.url))
    assistant = await meet_assistant(hass, hass_ws_client)
    reply = await assistant.ask(sentence, language)
    assert reply in replies(language, key, who="Hinge", count=lines)


@pytest.mark.parametrize(
    ("language", "sentence", "counted"),
    [
        ("en", "how many quips are left", "Hinge 3 and Latch 7"),
        ("de", "wie viele Quips sind noch da", "Hinge 3 und Latch 7"),
        ("fr", "combien de quips reste-t-il", "Hinge 3 et Latch 7"),
        ("es", "cuántos quips quedan", "Hinge 3 y Latch 7"),
        ("nl", "hoeveel quips zijn er nog", "Hinge 3 en Latch 7"),
    ],
)
async def test_several_stocks_are_listed(
    hass: HomeAssistant,
    player: RecordingPlayer,
    quipgen: Quipgen,
    hass_ws_client: WebSocketGenerator,
    language: str,
    sentence: str,
    counted: str,
) -> None:
    assistant = await meet(hass, hass_ws_client, quipgen.url, Hinge=3, Latch=7)
    assert await assistant.ask(sentence, language) in replies(language, "stock_each", who=counted)
    reply = await assistant.ask("how many quips does Latch have")
    assert reply in replies("en", "stock_many", who="Latch", count=7)


async def test_where_there_is_no_persona_it_says_so(
    hass: HomeAssistant, player: RecordingPlayer, hass_ws_client: WebSocketGenerator
) -> None:
    await set_up(hass, make_entry(hass, doors=[], personas=[]))
    assistant = await meet_assistant(hass, hass_ws_client)
    for sentence in ("refill quips", "how many quips are left", "how many quips has Hinge"):
        assert await assistant.ask(sentence) in replies("en", "no_personas")


async def test_the_name_of_a_door_is_its_persona_s_before_one_that_sounds_like_it(
    hass: HomeAssistant, player: RecordingPlayer, hass_ws_client: WebSocketGenerator
) -> None:
    put_on_disk(hass, *(f"Line {n}." for n in range(3)))
    put_on_disk(hass, *(f"Line {n}." for n in range(7)), persona=LATCH)
    personas = [persona(name="Latch", low_water=0), persona(LATCH, "Marvin", low_water=0)]
    doors = [door(name="Hatch", persona=LATCH)]
    await set_up(hass, make_entry(hass, personas=personas, doors=doors))
    assistant = await meet_assistant(hass, hass_ws_client)
    reply = await assistant.ask("how many quips does the hatch have left")
    assert reply in replies("en", "stock_many", who="Marvin", count=7)
