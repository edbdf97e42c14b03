"""Does the stock fill up again, whatever happens on the way?"""

import asyncio
import shutil
from collections.abc import AsyncGenerator, Callable
from datetime import timedelta
from typing import Any

import pytest
from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import SOURCE_REAUTH
from homeassistant.core import CoreState, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_fire_time_changed

from custom_components.gppde.errors import (
    ArchiveError,
    GppdeError,
    SourceAuthError,
    SourceError,
    SourceUntrustedError,
)
from custom_components.gppde.personas.persona import stocks_folder
from custom_components.gppde.quips.archive import Dropped
from custom_components.gppde.refills.refill import Refill, RefillResult, RefillState
from custom_components.gppde.sources import Progress
from custom_components.gppde.words import Words

from ..helpers import PERSONA, find_issue, make_entry, persona, put_on_disk
from ..refilling import DONE, House, made

OTHER = "persona-2"


@pytest.fixture
def entry(hass: HomeAssistant) -> MockConfigEntry:
    """An entry with two personas: Hinge wants three quips, Latch one and has it."""
    put_on_disk(hass, "I have a line.", persona=OTHER)
    return make_entry(
        hass,
        doors=[],
        personas=[
            persona(target=3, low_water=1),
            persona(OTHER, "Latch", target=1, low_water=0),
        ],
    )


@pytest.fixture
async def house(hass: HomeAssistant, entry: MockConfigEntry) -> AsyncGenerator[House]:
    house = House(hass, entry)
    yield house
    await house.stop()


async def pass_time(hass: HomeAssistant, freezer: FrozenDateTimeFactory, **time: float) -> None:
    freezer.tick(timedelta(**time))
    async_fire_time_changed(hass)
    await asyncio.sleep(0)


def ask(
    hass: HomeAssistant, house: House, count: int | None = None, id_: str = PERSONA
) -> asyncio.Task[RefillResult]:
    """Let a person ask for a refill."""
    return hass.async_create_background_task(
        house.refill.request(house.personas[id_], count), "a person asks"
    )


async def fails(house: House, error: GppdeError) -> None:
    house.source.give(error)
    await house.until(lambda: house.refill.persona is None)


# --- The main job ---------------------------------------------------------------------------


async def test_a_low_stock_is_filled_up_to_its_target(house: House) -> None:
    await house.start()
    order = await house.until_asked()
    assert order.count == 3
    assert order.brief.name == "Hinge"
    assert order.avoid == []
    house.source.give(made(), made(), made(), DONE)
    await house.until_state(RefillState.IDLE)
    assert house.persona.stock.fresh_count == 3
    assert house.refill.last_error is None
    await house.restart()
    assert house.persona.stock.fresh_count == 3
    await house.stays_quiet()


async def test_each_quip_can_be_said_as_soon_as_it_is_made(house: House) -> None:
    await house.start()
    await house.until_asked()
    house.source.give(made("The first."))
    await house.until_state(RefillState.RUNNING)
    quip = house.persona.draw()
    assert quip
    assert quip.text == "The first."


async def test_a_stock_is_refilled_once_doors_have_emptied_it(
    hass: HomeAssistant, house: House
) -> None:
    put_on_disk(hass, "One.", "Two.")
    await house.start()
    await house.stays_quiet()
    quip = house.persona.draw()
    assert quip
    house.persona.changed()
    assert house.source.orders == [], "nothing happens in the door's own turn of the loop"
    order = await house.until_asked()
    assert order.count == 2


async def test_what_was_said_or_waits_is_to_be_avoided(hass: HomeAssistant, house: House) -> None:
    put_on_disk(hass, "Waiting.")
    put_on_disk(hass, "Said.", heap="stale")
    await house.start()
    order = await house.until_asked()
    assert order.avoid == ["Said.", "Waiting."]


async def test_only_the_newest_texts_are_sent_along(
    hass: HomeAssistant, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("custom_components.gppde.refills.fulfilment.AVOIDED_AT_MOST", 1)
    put_on_disk(hass, "Waiting.")
    put_on_disk(hass, "Said.", heap="stale")
    await house.start()
    assert (await house.until_asked()).avoid == ["Waiting."]


async def test_state_and_progress_are_told_as_they_change(
    hass: HomeAssistant, house: House
) -> None:
    await house.start()
    told: list[tuple[str, int | None]] = []

    @callback
    def note() -> None:
        news = (str(house.refill.state), house.refill.progress)
        if not told or told[-1] != news:
            told.append(news)

    async_dispatcher_connect(hass, house.refill.signal, note)
    await house.until_asked()
    assert house.refill.persona is house.persona
    house.source.give(Progress("loading", 0, 3), Progress("writing", 1, 3), made(), made(), made())
    await house.until_state(RefillState.IDLE)
    assert told == [
        ("idle", None),
        ("starting", 0),
        ("running", 33),
        ("running", 66),
        ("running", 100),
        ("idle", None),
    ]
    assert house.refill.persona is None


async def test_nothing_is_asked_for_before_home_assistant_has_started(
    hass: HomeAssistant, house: House
) -> None:
    hass.set_state(CoreState.starting)
    await house.start()
    house.refill.check()
    await house.stays_quiet()
    hass.set_state(CoreState.running)
    hass.bus.async_fire("homeassistant_started")
    await house.until_asked()


async def test_nothing_new_is_begun_while_home_assistant_stops(
    hass: HomeAssistant, house: House
) -> None:
    put_on_disk(hass, "One.", "Two.")
    await house.start()
    await house.stays_quiet()
    hass.set_state(CoreState.stopping)
    house.persona.draw()
    house.persona.changed()
    await house.stays_quiet()
    hass.set_state(CoreState.running)


async def test_one_at_a_time_and_nobody_waits_twice(hass: HomeAssistant, house: House) -> None:
    await house.start()
    await house.until_asked()
    house.personas[OTHER].draw()
    for _ in range(3):
        house.personas[OTHER].changed()
        house.persona.changed()
        await house.stays_quiet()
    house.source.give(made(), made(), made())
    order = await house.until_asked(2)
    assert order.brief.name == "Latch"
    house.source.give(made())
    await house.until_state(RefillState.IDLE)
    await house.stays_quiet()


# --- A person asks --------------------------------------------------------------------------


async def test_a_person_gets_what_was_asked_for_and_is_told_what_came(
    hass: HomeAssistant, house: House
) -> None:
    put_on_disk(hass, "One.", "Two.", "Three.")
    await house.start()
    request = ask(hass, house, 2)
    assert (await house.until_asked()).count == 2
    known = made()
    house.source.give(known, known, Dropped("quip-x.zip", Words("It is no mp3.")), made(), DONE)
    assert await request == RefillResult(house.persona, requested=2, added=2, dropped=2)
    assert house.persona.stock.fresh_count == 5


async def test_a_person_who_asks_for_no_number_gets_what_is_missing(
    hass: HomeAssistant, house: House
) -> None:
    put_on_disk(hass, "One.", "Two.")
    await house.start()
    request = ask(hass, house)
    assert (await house.until_asked()).count == 1
    house.source.give(made())
    assert (await request).added == 1


async def test_a_full_stock_needs_nothing(hass: HomeAssistant, house: House) -> None:
    put_on_disk(hass, "One.", "Two.", "Three.")
    await house.start()
    assert await ask(hass, house) == RefillResult(house.persona, 0, 0, 0)
    assert house.source.orders == []


async def test_a_person_waits_for_the_refill_that_runs(hass: HomeAssistant, house: House) -> None:
    await house.start()
    await house.until_asked()
    request = ask(hass, house, 1, OTHER)
    await house.stays_quiet()
    assert not request.done()
    house.source.give(made(), made(), made())
    assert (await house.until_asked(2)).brief.name == "Latch"
    house.source.give(made())
    assert (await request).added == 1


async def test_two_people_who_wait_for_one_persona_share_a_refill(
    hass: HomeAssistant, house: House
) -> None:
    await house.start()
    await house.until_asked()
    requests = [ask(hass, house, count, OTHER) for count in (1, 2)]
    impatient = ask(hass, house, 1, OTHER)
    await house.stays_quiet()
    impatient.cancel()
    house.source.give(made(), made(), made())
    assert (await house.until_asked(2)).count == 2
    house.source.give(made(), made())
    assert [(await request).added for request in requests] == [2, 2]


@pytest.mark.parametrize(
    ("error", "key"),
    [
        (SourceError("The server is on fire."), "refill_failed"),
        (ArchiveError("It is not a zip."), "refill_failed"),
        (SourceAuthError("The token is wrong."), "source_refused"),
        (SourceUntrustedError("It is another one."), "source_untrusted"),
    ],
)
async def test_a_person_is_told_why_it_failed(
    hass: HomeAssistant, house: House, error: GppdeError, key: str
) -> None:
    await house.start()
    request = ask(hass, house)
    house.source.give(error)
    with pytest.raises(HomeAssistantError) as told:
        await request
    assert told.value.translation_key == key
    assert told.value.translation_placeholders == {"persona": "Hinge", "error": str(error)}
    assert house.refill.last_error == str(error)


# --- What fails ------------------------------------------------------------------------------


async def test_a_refill_that_fails_keeps_what_came_and_tries_again_after_a_pause(
    hass: HomeAssistant, house: House, freezer: FrozenDateTimeFactory
) -> None:
    await house.start()
    await house.until_asked()
    house.source.give(made())
    await fails(house, SourceError("The cable was pulled."))
    assert house.refill.state is RefillState.WAITING
    assert house.refill.last_error == "The cable was pulled."
    assert house.persona.stock.fresh_count == 1
    house.persona.changed()
    await house.stays_quiet()
    await pass_time(hass, freezer, minutes=1)
    assert (await house.until_asked(2)).count == 2
    house.source.give(made(), made())
    await house.until_state(RefillState.IDLE)
    assert house.refill.last_error is None


async def fail_three_times(
    hass: HomeAssistant, house: House, freezer: FrozenDateTimeFactory
) -> None:
    for times, minutes in (1, 1), (2, 5), (3, 15):
        await house.until_asked(times)
        await fails(house, SourceError("The cable is missing."))
        await pass_time(hass, freezer, minutes=minutes)


async def test_after_three_failures_a_person_is_told_and_nothing_is_tried_that_day(
    hass: HomeAssistant, house: House, freezer: FrozenDateTimeFactory
) -> None:
    freezer.move_to("2026-11-21 12:00:00-08:00")
    await house.start()
    await fail_three_times(hass, house, freezer)
    assert house.refill.state is RefillState.STOPPED
    issue = find_issue(hass, "refill_failing")
    assert issue
    assert issue.translation_placeholders == {"persona": "Hinge", "error": "The cable is missing."}
    await pass_time(hass, freezer, hours=11)
    await house.stays_quiet()
    await pass_time(hass, freezer, hours=1)
    await house.until_asked(4)
    house.source.give(made(), made(), made())
    await house.until_state(RefillState.IDLE)
    assert find_issue(hass, "refill_failing") is None


async def test_a_person_may_ask_again_at_once(
    hass: HomeAssistant, house: House, freezer: FrozenDateTimeFactory
) -> None:
    freezer.move_to("2026-11-21 12:00:00-08:00")
    await house.start()
    await fail_three_times(hass, house, freezer)
    request = ask(hass, house)
    await house.until_asked(4)
    assert find_issue(hass, "refill_failing") is None
    house.source.give(made(), made(), made())
    assert (await request).added == 3
    assert house.refill.state is RefillState.IDLE


async def test_a_restart_does_not_forget_that_it_gave_up(
    hass: HomeAssistant, house: House, freezer: FrozenDateTimeFactory
) -> None:
    freezer.move_to("2026-11-21 12:00:00-08:00")
    await house.start()
    await fail_three_times(hass, house, freezer)
    await house.restart()
    await house.stays_quiet()
    assert house.refill.state is RefillState.STOPPED
    assert house.refill.last_error == "The cable is missing."
    assert find_issue(hass, "refill_failing")


async def test_a_refused_token_is_asked_for_and_not_tried_again(
    hass: HomeAssistant, house: House, freezer: FrozenDateTimeFactory
) -> None:
    await house.start()
    await house.until_asked()
    await fails(house, SourceAuthError("The token is wrong."))
    assert house.refill.state is RefillState.STOPPED
    await hass.async_block_till_done()
    assert list(house.entry.async_get_active_flows(hass, {SOURCE_REAUTH}))
    await pass_time(hass, freezer, days=1)
    await house.stays_quiet()
    ask(hass, house)
    await house.until_asked(2)


async def test_what_cannot_be_stored_is_told_and_collected_at_the_next_try(
    hass: HomeAssistant, house: House, freezer: FrozenDateTimeFactory
) -> None:
    await house.start()
    request = ask(hass, house)
    await house.until_asked()
    folder = stocks_folder(hass) / PERSONA / "fresh"
    house.source.give({"batch": "b-1"}, made())
    await house.until_fresh(1)
    shutil.rmtree(folder)
    folder.write_text("a file where the folder belongs")
    house.source.give(made())
    with pytest.raises(HomeAssistantError) as told:
        await request
    assert told.value.translation_key == "quips_not_stored"
    assert find_issue(hass, f"stock_unwritable_{PERSONA}")
    folder.unlink()
    folder.mkdir()
    await pass_time(hass, freezer, minutes=1)
    assert (await house.until_asked(2)).count == 2
    assert house.source.tickets[-1] == {"batch": "b-1"}
    house.source.give(made(), made())
    await house.until_state(RefillState.IDLE)
    assert find_issue(hass, f"stock_unwritable_{PERSONA}") is None


async def test_fewer_than_ordered_are_better_than_none(house: House) -> None:
    await house.start()
    await house.until_asked()
    house.source.give(made(), Progress("finished", 1, 3, "The voice broke."), DONE)
    assert (await house.until_asked(2)).count == 2, "the stock is still low"
    assert house.refill.last_error == "1 of 3 quips came. The voice broke."
    house.source.give(made(), DONE)
    await house.until_state(RefillState.IDLE)
    assert house.refill.last_error == "1 of 2 quips came."
    await house.stays_quiet()


async def test_a_batch_without_any_quip_is_a_failure(house: House) -> None:
    await house.start()
    await house.until_asked()
    house.source.give(DONE)
    await house.until_state(RefillState.WAITING)
    assert house.refill.last_error == "0 of 3 quips came."


# --- Sources that hang or lie -----------------------------------------------------------------


async def test_more_than_was_ordered_is_not_taken(house: House) -> None:
    await house.start()
    await house.until_asked()
    house.source.give(*(made() for _ in range(9)))
    await house.until_state(RefillState.IDLE)
    assert house.persona.stock.fresh_count == 3
    assert house.source.closed == 1


async def test_a_source_that_hangs_is_given_up(
    hass: HomeAssistant, house: House, freezer: FrozenDateTimeFactory
) -> None:
    await house.start()
    await house.until_asked()
    house.source.give(made())
    await house.until_state(RefillState.RUNNING)
    await pass_time(hass, freezer, minutes=2)
    assert house.refill.state is RefillState.RUNNING
    await pass_time(hass, freezer, minutes=4)
    await house.until_state(RefillState.WAITING)
    assert house.refill.last_error
    assert house.source.closed == 1


@pytest.mark.parametrize(
    "lie",
    [
        lambda nth: Progress("writing", 10 + nth, 10),
        lambda nth: Progress("writing", -nth, 0),
        lambda _: Dropped("quip-x.zip", Words("It is no mp3.")),
        lambda _: made(uuid="00000000-0000-4000-8000-000000000000"),
    ],
    ids=["ever more created", "nonsense", "only rubbish", "always the same quip"],
)
async def test_a_source_that_only_talks_is_given_up(
    hass: HomeAssistant,
    house: House,
    freezer: FrozenDateTimeFactory,
    lie: Callable[[int], Any],
) -> None:
    await house.start()
    await house.until_asked()
    nth = 0
    while house.refill.persona:
        nth += 1
        house.source.give(lie(nth))
        await house.stays_quiet()
        assert house.refill.progress in range(101)
        await pass_time(hass, freezer, seconds=100)
        await house.stays_quiet()
        assert nth < 5
    assert house.refill.state is RefillState.WAITING
    assert house.persona.stock.fresh_count <= 1


async def test_a_source_that_always_finds_something_new_to_do_has_two_hours(
    hass: HomeAssistant, house: House, freezer: FrozenDateTimeFactory
) -> None:
    await house.start()
    await house.until_asked()
    for minutes in range(0, 120, 2):
        assert house.refill.state is RefillState.STARTING
        house.source.give(Progress(f"stage {minutes}", 0, 3))
        await house.until(house.source._events.empty)
        await asyncio.sleep(0)
        await pass_time(hass, freezer, minutes=2)
    await house.until_state(RefillState.WAITING)


# --- Crashes and reloads -----------------------------------------------------------------------


async def test_a_crash_in_the_middle_resumes_the_same_order(
    hass: HomeAssistant, house: House
) -> None:
    await house.start()
    await house.until_asked()
    ticket = {"batch": "b-1", "collected": 1}
    house.source.give({"batch": "b-1"}, made(), ticket)
    await house.until_fresh(1)
    await house.stays_quiet()
    await house.restart()
    assert (await house.until_asked()).count == 2
    assert house.source.tickets == [ticket]
    house.source.give(made(), made())
    await house.until_state(RefillState.IDLE)
    await house.restart()
    await house.stays_quiet()
    assert house.source.orders == []


async def test_an_unfinished_order_goes_before_all_others(
    hass: HomeAssistant, house: House
) -> None:
    shutil.rmtree(stocks_folder(hass) / OTHER)
    await house.start()
    await house.until_asked()
    house.source.give({"batch": "b-1"}, made(), made(), made())
    order = await house.until_asked(2)
    assert order.brief.name == "Latch"
    house.source.give({"batch": "b-2"})
    await house.stays_quiet()
    await house.restart()
    request = ask(hass, house, 1)
    assert (await house.until_asked()).brief.name == "Latch"
    assert house.source.tickets == [{"batch": "b-2"}]
    house.source.give(made())
    assert (await house.until_asked(2)).brief.name == "Hinge"
    house.source.give(made())
    assert (await request).added == 1


async def test_a_resumed_order_that_was_already_complete_is_no_failure(house: House) -> None:
    await house.start()
    await house.until_asked()
    last = made()
    house.source.give({"batch": "b-1"}, made(), made(), {"batch": "b-1", "collected": 2}, last)
    await house.until_fresh(3)
    await house.until_state(RefillState.IDLE)
    await house.refill._journal.begin(house.unfinished(count=1, ticket={"batch": "b-1"}))
    await house.restart()
    await house.until_asked()
    house.source.give(last, DONE)
    await house.until_state(RefillState.IDLE)
    await house.stays_quiet()


async def test_a_reload_in_the_middle_tells_who_waits_and_goes_on_afterwards(
    hass: HomeAssistant, house: House
) -> None:
    await house.start()
    requests = [ask(hass, house), ask(hass, house, 1, OTHER)]
    await house.until_asked()
    house.source.give({"batch": "b-1"})
    await house.stays_quiet()
    refill, hinge = house.refill, house.persona
    await house.restart()
    for request in requests:
        with pytest.raises(HomeAssistantError) as told:
            await request
        assert told.value.translation_key == "refill_interrupted"
    with pytest.raises(HomeAssistantError):
        await refill.request(hinge)
    await house.until_asked()
    assert house.source.tickets == [{"batch": "b-1"}]


async def test_the_order_of_a_persona_that_was_removed_is_forgotten(
    hass: HomeAssistant, house: House
) -> None:
    await house.start()
    await house.until_asked()
    house.source.give({"batch": "b-1"})
    await house.stays_quiet()
    hass.config_entries.async_remove_subentry(house.entry, PERSONA)
    house.personas[OTHER].draw()
    await house.restart()
    await house.stays_quiet()
    assert house.source.orders == []
    ask(hass, house, 1, OTHER)
    await house.until_asked()
    assert house.source.tickets == [None]


async def test_an_unloaded_entry_takes_its_refill_along(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    house = House(hass, entry)
    await house.start()
    house.persona.changed()
    await house.stop()
    await house.stays_quiet()
    assert house.source.orders == []
    assert isinstance(house.refill, Refill)


# --- The folders -------------------------------------------------------------------------------


async def test_an_mp3_put_into_the_folder_by_hand_is_found(
    hass: HomeAssistant, house: House, freezer: FrozenDateTimeFactory
) -> None:
    put_on_disk(hass, "One.", "Two.")
    await house.start()
    put_on_disk(hass, "By hand.")
    changes = 0

    @callback
    def changed() -> None:
        nonlocal changes
        changes += 1

    async_dispatcher_connect(hass, house.persona.signal, changed)
    await pass_time(hass, freezer, minutes=1)
    await house.until_fresh(3)
    await house.until(lambda: changes == 1)


async def test_a_file_that_is_no_mp3_is_told(
    hass: HomeAssistant, house: House, freezer: FrozenDateTimeFactory
) -> None:
    put_on_disk(hass, "One.", "Two.")
    await house.start()
    (stocks_folder(hass) / PERSONA / "fresh" / "song.mp3").write_text("no mp3")
    await pass_time(hass, freezer, minutes=1)
    await house.until(lambda: find_issue(hass, f"unreadable_quips_{PERSONA}") is not None)
    issue = find_issue(hass, f"unreadable_quips_{PERSONA}")
    assert issue
    assert issue.translation_placeholders
    assert issue.translation_placeholders["files"] == "song.mp3"


async def test_a_folder_that_cannot_be_read_is_told(
    hass: HomeAssistant, house: House, freezer: FrozenDateTimeFactory
) -> None:
    put_on_disk(hass, "One.", "Two.")
    await house.start()
    folder = stocks_folder(hass) / PERSONA / "fresh"
    shutil.rmtree(folder)
    folder.write_text("a file where the folder belongs")
    await pass_time(hass, freezer, minutes=1)
    await house.until(lambda: find_issue(hass, f"stock_unwritable_{PERSONA}") is not None)
