"""A person's hand on the mouse."""

from pathlib import Path
from typing import Final

from playwright.async_api import Locator, Page

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
