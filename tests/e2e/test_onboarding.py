"""From *Add integration* to a speaking door, as a person does it: with a mouse, and six clicks."""

from pathlib import Path
from typing import Final

from playwright.async_api import Locator, Page

from .house import browser, home_assistant, logs, mpd, sound
from .house.flows import add_integration, subentries
from .house.gppde import PLAYER
from .house.ports import LOOPBACK
from .house.waiting import until

NAME: Final = "Genuine People Personalities, Door Edition"
MOST_CLICKS: Final = 6
SETTLING: Final = 500
"""Milliseconds in which a dialog fades in."""


class Mouse:
    """Counts how often a person has to click."""

    def __init__(self, page: Page, folder: Path) -> None:
        self.clicks = 0
        self._page = page
        self._folder = folder

    async def look(self) -> None:
        """Keep a picture of what is shown."""
        await self._page.wait_for_timeout(SETTLING)
        name = f"onboarding-{self.clicks}-after.png"
        await self._page.screenshot(path=self._folder / name)

    async def click(self, target: Locator) -> None:
        """Click, and keep a picture of what was clicked at."""
        await target.wait_for()
        self.clicks += 1
        await self._page.screenshot(path=self._folder / f"onboarding-{self.clicks}.png")
        await target.click()


async def test_six_clicks_lead_to_a_door_that_speaks_and_a_removal_asks_about_its_quips(
    tmp_path: Path, socket_enabled: None
) -> None:
    async with mpd.run(tmp_path) as player, home_assistant.run(tmp_path, 0, {}) as hass:
        await add_integration(hass.client, "mpd", {"host": LOOPBACK, "port": player.port})
        async with browser.run(hass.client.login, tmp_path) as page:
            mouse = Mouse(page, tmp_path)
            await onboard(page, mouse, hass.url)
            assert mouse.clicks <= MOST_CLICKS
            [entry] = await hass.client.command("config_entries/get", domain="gppde")
            assert len(await subentries(hass.client, entry["entry_id"], "door")) == 1
            await player.silence(30)
            assert len(await sound.audible(player.heard())) == 1

            await hass.client.command("config/entity_registry/remove", entity_id=PLAYER)
            await mend(page, mouse, hass.url)

            stocks = hass.folder / "gppde"
            assert len(list(stocks.glob("*/*/*.mp3"))) == 12
            await remove(page, mouse, hass.url)
            await answer(page, mouse, hass.url)

            async def is_gone() -> bool:
                return not stocks.exists()

            await until("The end of the quips", 10, is_gone)
        assert not logs.complaints(hass.log)


async def onboard(page: Page, mouse: Mouse, url: str) -> None:
    """Add GPPDE without a server, hear the door, and finish."""
    await page.goto(f"{url}/config/integrations/dashboard")
    await mouse.click(page.get_by_role("button", name="Add integration"))
    await page.get_by_role("textbox").last.fill("Genuine")
    await mouse.click(page.get_by_text(NAME).last)
    await mouse.click(page.get_by_text("Nobody yet: begin with twelve lines"))
    await page.get_by_text("Hear it now").wait_for()
    await mouse.click(page.get_by_role("button", name="Submit"))
    await page.get_by_text("Did you hear it?").wait_for()
    await mouse.click(page.get_by_text("Finish", exact=True))
    await mouse.click(page.get_by_role("button", name="Finish"))


async def mend(page: Page, mouse: Mouse, url: str) -> None:
    """Let the repair of a door without a player lead to the door's form."""
    await page.goto(f"{url}/config/repairs")
    await mouse.click(page.get_by_text("A player of Front door is gone").first)
    await mouse.click(page.get_by_role("button", name="Submit"))
    await page.get_by_text("A door that speaks").wait_for()
    await mouse.look()


async def remove(page: Page, mouse: Mouse, url: str) -> None:
    """Delete the entry."""
    await page.goto(f"{url}/config/integrations/integration/gppde")
    await mouse.click(page.locator("ha-config-entry-row ha-dropdown ha-icon-button").first)
    await mouse.click(page.get_by_role("menuitem", name="Delete").first)
    await mouse.click(page.get_by_role("button", name="Delete").last)
    await page.get_by_text("No entries").wait_for()


async def answer(page: Page, mouse: Mouse, url: str) -> None:
    """Say in Home Assistant's repairs that the quips are to go."""
    await page.goto(f"{url}/config/repairs")
    await mouse.click(page.get_by_text("Quips of a persona that is gone are still there").first)
    await page.get_by_text("Delete them").wait_for()
    await mouse.look()
    await mouse.click(page.get_by_text("Delete them"))
