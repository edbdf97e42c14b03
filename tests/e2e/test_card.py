"""The dashboard card in a real browser, on a real Home Assistant."""

import json
import re
from pathlib import Path
from typing import Final

from homeassistant.util.yaml import parse_yaml
from playwright.async_api import Page, expect

from .house import browser, card, logs, pretence
from .house.card import Card
from .house.client import Json
from .house.doorway import uuid_of
from .house.flows import reconfigure_subentry
from .house.gppde import TOGGLE
from .house.house import House
from .house.pictures import Pictures
from .house.places import ROOT
from .house.waiting import until

expect.set_options(timeout=browser.WAIT)

TARGET: Final = 18
EVIL: Final = "<img src=x onerror='document.title=1'> & {door}"


async def test_a_person_finds_the_card_in_the_picker_and_lives_with_it(
    house: House, tmp_path: Path
) -> None:
    client, url = house.home_assistant.client, house.home_assistant.url
    await card.create_dashboard(client)
    async with browser.run(client.login, tmp_path) as page:
        wrongs, calls = card.listen(page)
        pictures = Pictures(page, url, tmp_path, house.gppde)
        await _add(house, page)
        await _make_room(house, page)
        await _let_it_say_something(house, page)
        await _silence_it_by_keyboard(house, page)
        for _ in range(3):  # after which the logbook shows a house in which somebody lives
            await _have_it_say_something_else(page)
        await _look_at_it_everywhere(house, page, pictures)
        await _have_it_say_something_again(house, page, calls)
        await _refill(page)
        assert not wrongs
    assert not logs.complaints(house.home_assistant.log)


async def test_the_card_outlives_what_may_happen_to_it(house: House, tmp_path: Path) -> None:
    home, gppde = house.home_assistant, house.gppde
    await card.create_dashboard(
        home.client,
        {"door": gppde.door_device_id, "lines": "many"},
        {"door": "gone"},
        {"persona": gppde.door_device_id},
        {"entity": "light.kitchen"},
        {"entity": gppde.entities["event.quip"]},
        {},
    )
    async with browser.run(home.client.login, tmp_path) as page:
        wrongs, _ = card.listen(page)
        await card.overtake(page, home.client)
        await page.goto(f"{home.url}/{card.PATH}/doors")
        await _find_them_friendly(page)
        await _see_what_it_costs(page)
        await _see_that_somebody_stopped_it(page)
        await _see_why_it_failed(page)
        await _see_a_large_stock_wait_its_turn(page)
        await _see_a_persona_without_a_door(page)
        await _restart_with_an_evil_line(house)
        await _hear_the_evil_line(page)
        await _pause(house, page)
        assert not wrongs
        assert await page.title() != "1"
    assert not logs.complaints(home.log)


async def _add(house: House, page: Page) -> None:
    """Through the picker and the visual editor."""
    client, url = house.home_assistant.client, house.home_assistant.url
    await card.pick(page, url)
    await page.get_by_role("spinbutton").fill("3")
    await card.save(page)

    async def is_saved() -> bool:
        return bool(await card.saved_cards(client))

    await until("The saved card", 10, is_saved)
    wanted = {"type": card.TYPE, "door": house.gppde.door_device_id, "lines": 3}
    assert await card.saved_cards(client) == [wanted]


async def _let_it_say_something(house: House, page: Page) -> None:
    shown = Card.on(page)
    await shown.shows("Nothing said yet")
    await shown.button("Say something").click()
    await shown.shows("11 new quips")
    await expect(shown.said).to_have_text(re.compile("^“"))
    [said] = await shown.said.all_text_contents()
    state = await house.home_assistant.client.state(house.gppde.entities["sensor.last_quip"])
    assert said == f"“{state}”"

    async def is_heard() -> bool:
        return bool(house.mpd.heard())

    await until("The sound", 10, is_heard)


async def _silence_it_by_keyboard(house: House, page: Page) -> None:
    client, switch = house.home_assistant.client, house.gppde.entities["switch.talkative"]
    shown = Card.on(page)
    await shown.tab_to("Talkative")
    await page.keyboard.press("Space")
    await expect(shown.talkative).not_to_be_checked()
    assert await client.state(switch) == "off"
    await client.call("input_boolean.turn_on", TOGGLE)
    await shown.shows("Silent now: Switched off")
    await page.keyboard.press("Enter")
    await expect(shown.talkative).to_be_checked()
    assert await client.state(switch) == "on"


async def _have_it_say_something_else(page: Page) -> None:
    shown = Card.on(page)
    first = await shown.said.text_content() or ""
    await shown.button("Say something").press("Enter")
    await expect(shown.said).not_to_have_text(first)
    await expect(shown.earlier.first).to_have_text(first.strip("“”"))


async def _have_it_say_something_again(house: House, page: Page, calls: list[Json]) -> None:
    shown = Card.on(page)
    first = await shown.earlier.last.text_content()
    await shown.root.get_by_role("listitem").get_by_role("button").last.press("Enter")

    async def is_called() -> list[Json]:
        return [call for call in calls if call["service"] == "say"]

    [call] = await until("The call", 5, is_called)
    heard, *_ = map(uuid_of, house.mpd.heard().values())
    assert call["domain"] == "gppde"
    assert call["target"] == {"device_id": house.gppde.door_device_id}
    assert call["service_data"] == {"quip": heard}
    await expect(shown.said).to_have_text(f"“{first}”")
    await expect(shown.button(f"Say again: {first}")).to_be_focused()


async def _make_room(house: House, page: Page) -> None:
    """Change the persona, which reloads the integration under the card."""
    client, gppde = house.home_assistant.client, house.gppde
    more = {"target": TARGET, "low_water": 5}
    await reconfigure_subentry(client, gppde.entry_id, "persona", gppde.persona_id, more)
    wanted = re.compile(f"A full stock has {TARGET}")
    await expect(Card.on(page).stock).to_have_accessible_name(wanted)


async def _refill(page: Page) -> None:
    shown = Card.on(page)
    await shown.tab_to("Refill")
    await page.keyboard.press("Enter")
    await expect(shown.progress).to_be_visible()
    await expect(shown.button("Stop")).to_be_focused()
    await expect(shown.status).to_have_text(re.compile("% done"))
    await shown.shows(f"{TARGET} new quips")
    await expect(shown.progress).to_be_hidden()
    await expect(shown.status).to_have_text("The refill is finished.")


async def _look_at_it_everywhere(house: House, page: Page, pictures: Pictures) -> None:
    """On the dashboard that the docs suggest."""
    await card.save_dashboard(house.home_assistant.client, _example())
    await page.goto(f"{house.home_assistant.url}/{card.PATH}")
    shown = Card.on(page)
    await expect(shown.stock).to_be_visible()
    await expect(page.locator("hui-logbook-card")).to_be_visible()
    await pictures.take("card-light")
    assert await shown.violations() == []
    await pictures.take("card-dark", "dark")
    assert await shown.violations() == []
    await page.set_viewport_size(card.PHONE)
    await pictures.take("card-phone", "dark")
    overflow = "node => node.scrollWidth > node.clientWidth"
    assert not await shown.root.locator("ha-card").evaluate(overflow)


def _example() -> Json:
    """Return the dashboard in docs/dashboard.md, which is made for this very house."""
    page = (ROOT / "docs" / "dashboard.md").read_text()
    example = parse_yaml(page.split("```yaml")[1].split("```")[0])
    assert isinstance(example, dict)
    return example


async def _find_them_friendly(page: Page) -> None:
    right, wrong_door, wrong_persona, wrong_entity, of_entity, first = (
        Card.on(page, place) for place in range(6)
    )
    for wrong in wrong_door, wrong_entity:
        await wrong.shows("The door of this card is gone")
    await wrong_persona.shows("The persona of this card is gone")
    for each in right, of_entity, first:
        await expect(each.button("Say something")).to_be_visible()


async def _see_what_it_costs(page: Page) -> None:
    running = pretence.REFILL | {"state": "running", "progress": 40, "persona": "persona"}
    bill = {"dollars": 0.1234, "budget": 5}
    shown = await pretence.show(page, source="ec2", spent=bill, refill=running)
    await shown.shows("New quips are being made · 40%")
    await shown.shows("$0.12 of $5.00 spent this month")
    await shown.button("Stop").click()
    assert await pretence.calls(page) == [{"action": "gppde.stop_refill"}]


async def _see_that_somebody_stopped_it(page: Page) -> None:
    halted = pretence.REFILL | {"state": "stopped", "last_error": None}
    shown = await pretence.show(page, personas=[pretence.PERSONA | {"fresh": 3}], refill=halted)
    await shown.shows("Stopped by hand. Press Refill to go on.")
    await expect(shown.button("Refill")).to_be_enabled()


async def _see_why_it_failed(page: Page) -> None:
    failed = pretence.REFILL | {"state": "waiting", "last_error": "The server is away."}
    shown = await pretence.show(page, personas=[pretence.PERSONA | {"fresh": 3}], refill=failed)
    await shown.shows("The server is away.")
    assert await shown.violations() == []
    await shown.button("Refill").click()
    ordered = {"action": "gppde.refill", "device_id": "a persona's device"}
    assert await pretence.calls(page) == [ordered]


async def _see_a_large_stock_wait_its_turn(page: Page) -> None:
    other = pretence.PERSONA | {"id": "other", "name": "Hinge"}
    first = pretence.REFILL | {"state": "starting", "persona": "other"}
    large = pretence.PERSONA | {"fresh": 130, "target": 200, "low_water": 20}
    shown = await pretence.show(page, "de", personas=[large, other], refill=first)
    await shown.shows("Zuerst wird Hinge aufgefüllt")
    assert await shown.stock.locator(".door").count() < 25


async def _see_a_persona_without_a_door(page: Page) -> None:
    old = pretence.line("Je grince, donc je suis.", "2020-02-02T02:02:02+00:00", door=None)
    shown = await pretence.show(page, "fr-CA", doors=[], source="assist", recent=[old])
    await shown.shows("Je grince, donc je suis.")
    await shown.shows("la voix de votre Home Assistant")
    await expect(shown.root.get_by_role("switch")).to_be_hidden()
    await shown.root.evaluate("card => card.remove()")


async def _restart_with_an_evil_line(house: House) -> None:
    """Somebody writes something nasty into the stock's folder meanwhile."""
    fresh = house.home_assistant.folder / "gppde" / house.gppde.persona_id / "fresh"
    await house.home_assistant.stop()
    for file in fresh.glob("*.json"):
        file.write_text(json.dumps(json.loads(file.read_text()) | {"text": EVIL}))
    await house.home_assistant.start()


async def _hear_the_evil_line(page: Page) -> None:
    shown = Card.on(page)
    await page.wait_for_function("document.querySelector('home-assistant').hass.connected")
    await shown.button("Say something").click()
    await expect(shown.said).to_have_text(f"“{EVIL}”")
    assert await shown.root.locator("img").count() == 0


async def _pause(house: House, page: Page) -> None:
    client, entry = house.home_assistant.client, house.gppde.entry_id
    disable = "config_entries/disable"
    await client.command(disable, entry_id=entry, disabled_by="user")
    await Card.on(page).shows("GPPDE is not running")
    await client.command(disable, entry_id=entry, disabled_by=None)
    await expect(Card.on(page).said).to_have_text(f"“{EVIL}”")
