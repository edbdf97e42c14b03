"""GPPDE in Home Assistant's settings, as a person sets it up and removes it: by clicks."""

from typing import Final

from playwright.async_api import Page

from .mouse import Mouse
from .quipgen import Quipgen

NAME: Final = "Genuine People Personalities, Door Edition"
INTEGRATIONS: Final = "/config/integrations/dashboard"
INTEGRATION: Final = "/config/integrations/integration/gppde"
REPAIRS: Final = "/config/repairs"


async def onboard(page: Page, mouse: Mouse, url: str) -> None:
    """Add GPPDE without a server, hear the door, and finish."""
    await page.goto(f"{url}{INTEGRATIONS}")
    await mouse.click(page.get_by_role("button", name="Add integration"))
    brands = page.locator("dialog-add-integration")
    await brands.get_by_role("textbox").fill("Genuine")
    await mouse.click(brands.get_by_text(NAME))
    await mouse.click(page.get_by_text("Nobody yet: begin with twelve lines"))
    await page.get_by_text("Hear it now").first.wait_for()
    await mouse.click(page.get_by_role("button", name="Submit"))
    await page.get_by_text("Did you hear it?").wait_for()
    await mouse.click(page.get_by_text("Finish", exact=True))
    await _leave(page, mouse, "Finish")


async def connect(page: Page, mouse: Mouse, url: str, server: Quipgen) -> None:
    """Reconfigure GPPDE to get new quips from a server whose certificate is compared."""
    await _choose(page, mouse, url, "Reconfigure")
    await mouse.click(page.get_by_text("A quipgen server that is already running"))
    await page.get_by_role("textbox", name="Address").fill(server.url)
    await page.get_by_role("textbox", name="Token").fill(server.token)
    await mouse.click(page.get_by_role("button", name="Submit"))
    await page.get_by_text("Is this your server?").wait_for()
    await page.get_by_text(server.fingerprint).wait_for()
    await mouse.click(page.get_by_role("button", name="Submit"))
    await _close(page, mouse)


async def add_persona(page: Page, mouse: Mouse, url: str, name: str, target: int) -> None:
    """Add a persona with a small stock."""
    await page.goto(f"{url}{INTEGRATION}")
    await mouse.click(page.get_by_role("button", name="Add persona").first)
    await page.get_by_role("textbox", name="Name").fill(name)
    await page.get_by_role("spinbutton", name="Full stock").fill(str(target))
    await page.get_by_role("spinbutton", name="Refill at").fill("1")
    await mouse.click(page.get_by_role("button", name="Submit"))
    await page.get_by_text(f"Created configuration for {name}.").wait_for()
    await _leave(page, mouse, "Finish")


async def let_speak(page: Page, mouse: Mouse, url: str, persona: str) -> None:
    """Change the door: somebody else speaks for it."""
    await page.goto(f"{url}{INTEGRATION}")
    await mouse.click(page.get_by_role("button", name="Change door").first)
    await mouse.click(page.locator("step-flow-form ha-selector-select").first)
    option = page.get_by_role("option", name=persona)  # in the older release
    await mouse.click(page.get_by_role("menuitem", name=persona).or_(option))
    await mouse.click(page.get_by_role("button", name="Submit"))
    await _close(page, mouse)


async def mend(page: Page, mouse: Mouse, url: str) -> None:
    """Let the repair of a door without a player lead to the door's form."""
    await page.goto(f"{url}{REPAIRS}")
    await mouse.click(page.get_by_text("A player of Front door is gone").first)
    await mouse.click(page.get_by_role("button", name="Submit"))
    await page.get_by_text("A door that speaks").wait_for()
    await mouse.look()


async def remove(page: Page, mouse: Mouse, url: str) -> None:
    """Delete the entry."""
    await _choose(page, mouse, url, "Delete")
    await mouse.click(page.get_by_role("button", name="Delete").last)
    await page.get_by_text("No entries").wait_for()


async def answer(page: Page, mouse: Mouse, url: str) -> None:
    """Say in Home Assistant's repairs that the quips are to go."""
    await page.goto(f"{url}{REPAIRS}")
    await mouse.click(page.get_by_text("Quips of a persona that is gone are still there").first)
    await page.get_by_text("Delete them").wait_for()
    await mouse.look()
    await mouse.click(page.get_by_text("Delete them"))


async def _choose(page: Page, mouse: Mouse, url: str, item: str) -> None:
    """Pick from the entry's menu."""
    await page.goto(f"{url}{INTEGRATION}")
    await mouse.click(page.locator("ha-config-entry-row ha-dropdown ha-icon-button").first)
    await mouse.click(page.get_by_role("menuitem", name=item).first)


async def _close(page: Page, mouse: Mouse) -> None:
    """Close what tells that something was changed."""
    await page.get_by_text("Reconfiguration was successful").wait_for()
    await _leave(page, mouse, "Close")


async def _leave(page: Page, mouse: Mouse, button: str) -> None:
    """Press a dialog's last button, and wait until it has led back to the page below.

    It would lead back from wherever we go next, too.
    """
    await mouse.click(page.get_by_role("button", name=button).last)
    await page.wait_for_function("!history.state?.dialog")
