"""What a person sees in the browser: looked at, and kept as pictures."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from playwright.async_api import Page, expect

from . import dashboard
from .errors import HouseError
from .gppde import Gppde

INTEGRATION_PAGE = "/config/integrations/integration/gppde"
# Red boxes, and keys where words should be.
WRONG = "hui-error-card, hui-warning, ha-alert[alert-type=error], ha-alert[alert-type=warning]"
UNTRANSLATED = re.compile(r"component\.gppde|(?:config|entity|options|config_subentries)\.\w+\.")

type Scheme = Literal["light", "dark"]


@dataclass(frozen=True, slots=True)
class Pictures:
    """A browser window, and the folder that its pictures go to."""

    page: Page
    url: str
    folder: Path
    gppde: Gppde

    async def dashboard(
        self, name: str, said: str, stock: int | None = None, scheme: Scheme = "light"
    ) -> None:
        """Picture the dashboard once it shows what was said, and how many quips are left."""
        await self.page.emulate_media(color_scheme=scheme)
        await self._open(f"/{dashboard.PATH}")
        await expect(self.page.get_by_text(f"“{said}”")).to_be_visible()
        if stock is not None:
            await expect(self.page.locator("hui-gauge-card")).to_contain_text(str(stock))
        await self._take(name)

    async def integration(self) -> None:
        """Picture the integration's own page, then the dialog that adds a door."""
        await self._open(INTEGRATION_PAGE)
        await expect(self.page.get_by_text("Front door").first).to_be_visible()
        await self._take("integration")
        await self.page.get_by_text("Add door").first.click()
        await expect(self.page.locator("step-flow-form")).to_be_visible()
        await self._take("add-door")

    async def media(self, line: str) -> None:
        """Picture the Media panel once it lists a line."""
        persona = self.gppde.persona_id
        folder = f"media-source://gppde/{persona}/stale".replace("/", "%2F")
        await self._open(f"/media-browser/browser/,media-source%3A%2F%2Fgppde/audio,{folder}")
        await expect(self.page.get_by_text(line).first).to_be_visible()
        await self._take("media")

    async def _open(self, path: str) -> None:
        await self.page.goto(f"{self.url}{path}")

    async def _take(self, name: str) -> None:
        # Pages fade in, gauges swing.
        await self.page.wait_for_timeout(1500)
        await self.page.screenshot(path=self.folder / f"{name}.png")
        if wrong := await self.page.locator(WRONG).all_text_contents():
            raise HouseError(f"The page {name} shows something wrong: {wrong}")
        if await self.page.get_by_text(UNTRANSLATED).count():
            raise HouseError(f"The page {name} shows an untranslated text; look at its picture")
