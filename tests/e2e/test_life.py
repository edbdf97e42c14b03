"""A whole life with GPPDE, from *Add integration* to its removal: by clicks only."""

import os
import re
from pathlib import Path
from typing import Final

from playwright.async_api import Page, expect

from .house import (
    assist,
    automation,
    browser,
    card,
    home_assistant,
    logs,
    mpd,
    quipgen,
    settings,
    sound,
)
from .house.card import Card
from .house.flows import add_integration
from .house.mouse import Mouse
from .house.mpd import Mpd
from .house.places import NEWEST
from .house.ports import LOOPBACK
from .house.waiting import until

expect.set_options(timeout=browser.WAIT)

RELEASE: Final = os.environ.get("GPPDE_RELEASE", NEWEST)
"""Of Home Assistant: "2026.10" lives the same life."""
PERSONA: Final = "Hinge"
TARGET: Final = 3
MESSAGE: Final = "The door has spoken."


async def test_a_person_lives_with_a_talking_door_from_the_first_click_to_the_last(
    tmp_path: Path, socket_enabled: None
) -> None:
    async with (
        quipgen.run(tmp_path) as server,
        mpd.run(tmp_path) as player,
        home_assistant.run(tmp_path, 0, {}, RELEASE) as hass,
    ):
        await add_integration(hass.client, "mpd", {"host": LOOPBACK, "port": player.port})
        async with browser.run(hass.client.login, tmp_path) as page:
            wrongs, _ = card.listen(page)
            mouse = Mouse(page, tmp_path)
            await settings.onboard(page, mouse, hass.url)
            await _is_heard(player, 1)
            await settings.connect(page, mouse, hass.url, server)
            await settings.add_persona(page, mouse, hass.url, PERSONA, TARGET)
            await settings.let_speak(page, mouse, hass.url, PERSONA)
            await automation.write(page, mouse, hass.url, "Listen to the door", MESSAGE)

            await card.create_dashboard(hass.client)
            await card.pick(page, hass.url)
            await card.save(page)
            await _ask_it_to_speak(page, mouse)
            await _is_heard(player, 2)
            await _refill(page, mouse)
            await automation.see(page, mouse, MESSAGE)

            await settings.remove(page, mouse, hass.url)
            await _delete_the_quips(page, mouse, hass)
            assert not wrongs
        assert not logs.complaints(hass.log)


async def _is_heard(player: Mpd, times: int) -> None:
    """Wait until the player has fallen silent, having been heard so often."""

    async def is_heard() -> bool:
        return len(player.heard()) == times

    await until("The sound", 10, is_heard)
    await player.silence(30)
    assert len(await sound.audible(player.heard())) == times


async def _ask_it_to_speak(page: Page, mouse: Mouse) -> None:
    shown = Card.on(page)
    await shown.shows(f"{TARGET} new quips")
    await assist.ask(page, mouse, "say something, front door", re.compile("Front door"))
    await shown.shows(f"{TARGET - 1} new quips")


async def _refill(page: Page, mouse: Mouse) -> None:
    shown = Card.on(page)
    await mouse.click(shown.button("Refill"))
    await shown.shows(f"{TARGET} new quips")
    await expect(shown.status).to_have_text("The refill is finished.")
    told = re.compile(f"{PERSONA}.*{TARGET}|{TARGET}.*{PERSONA}")
    await assist.ask(page, mouse, f"how many quips are left for {PERSONA}", told)


async def _delete_the_quips(page: Page, mouse: Mouse, hass: home_assistant.HomeAssistant) -> None:
    stocks = hass.folder / "gppde"
    assert len(list(stocks.glob("*/*/*.mp3"))) > TARGET
    await settings.answer(page, mouse, hass.url)

    async def is_gone() -> bool:
        return not stocks.exists()

    await until("The end of the quips", 10, is_gone)
