"""Does the stock fill up again, whatever happens on the way?"""

import shutil

import pytest
from homeassistant.core import CoreState, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.gppde.const import RefillState
from custom_components.gppde.errors import (
    ArchiveError,
    GppdeError,
    SourceAuthError,
    SourceError,
    SourceUntrustedError,
)
from custom_components.gppde.personas.persona import stocks_folder
from custom_components.gppde.quips.archive import Dropped
from custom_components.gppde.refills.outcome import RefillResult
from custom_components.gppde.refills.refill import Refill
from custom_components.gppde.sources import Progress
from custom_components.gppde.words import Words

from ..helpers import PERSONA, put_on_disk
from ..refilling import DONE, OTHER, House, ask, made

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
