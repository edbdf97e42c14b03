"""What a person sees in the browser: looked at, and kept as pictures."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal
from urllib.parse import quote

from playwright.async_api import Page

from . import dashboard
from .errors import HouseError
from .gppde import Gppde

INTEGRATION_PAGE: Final = "/config/integrations/integration/gppde"
# Warnings, and keys where words should be.
WRONG: Final = (
    "hui-error-card, hui-warning, ha-alert[alert-type=error], ha-alert[alert-type=warning]"
)
UNTRANSLATED: Final = re.compile(r"component\.gppde|\b(?:config|entity|config_subentries)\.\w+\.")
# Pages fade in, gauges swing.
SETTLING: Final = 1200

type Scheme = Literal["light", "dark"]


@dataclass(frozen=True, slots=True)
class Pictures:
    """A browser window, and the folder that its pictures go to."""

    page: Page
    url: str
    folder: Path
    gppde: Gppde

    async def open_dashboard(self) -> None:
        """Open the dashboard, which from now on follows what happens."""
        await self._open(f"/{dashboard.PATH}")
        await self.page.locator("hui-gauge-card").wait_for()

    async def see(self, said: str, stock: int | None = None) -> None:
        """Wait until the dashboard shows what was said and how many quips are left."""
        await self.page.get_by_role("heading", name=f"“{said}”").wait_for()
        if stock is not None:
            await self.page.locator("hui-gauge-card", has_text=f"{stock} quips").wait_for()

    async def integration(self) -> None:
        """Picture the door's page, the integration's own page, and the dialog that adds a door."""
        await self._open(f"/config/devices/device/{self.gppde.door_device_id}")
        await self.page.get_by_text("Say something").first.wait_for()
        await self.take("door")
        await self._open(INTEGRATION_PAGE)
        await self.page.get_by_text("Front door").last.wait_for()
        await self.take("integration")
        await self.page.get_by_text("Add door").first.click()
        await self.page.locator("step-flow-form").wait_for()
        await self.take("add-door")

    async def media(self, line: str) -> None:
        """Picture the Media panel once it lists a line that was said."""
        folders = ("media-source://gppde", f"media-source://gppde/{self.gppde.persona_id}/stale")
        path = "/".join(f"audio,{quote(folder, safe='')}" for folder in folders)
        await self._open(f"/media-browser/browser/{path}")
        await self.page.get_by_text(line).first.wait_for()
        await self.take("media")

    async def take(self, name: str, scheme: Scheme = "light") -> None:
        """Picture the window as it is; raises HouseError where something is wrong with it."""
        await self.page.emulate_media(color_scheme=scheme)
        await self.page.wait_for_timeout(SETTLING)
        await self.page.screenshot(path=self.folder / f"{name}.png")
        if wrong := await self.page.locator(WRONG).all_text_contents():
            raise HouseError(f"The page {name} shows something wrong: {wrong}")
        if await self.page.get_by_text(UNTRANSLATED).count():
            raise HouseError(f"The page {name} shows an untranslated text; look at its picture")

    async def _open(self, path: str) -> None:
        await self.page.goto(f"{self.url}{path}")
