"""The dashboard card as a person meets it: in the picker, in its editor, and on a dashboard."""

import json
import re
from dataclasses import dataclass
from importlib.resources import files
from typing import Final

from playwright.async_api import Error as BrowserError
from playwright.async_api import Locator, Page, Route, ViewportSize

from .client import Client, Json

PATH: Final = "talking-doors"
NAME: Final = "Door with a personality"
TYPE: Final = "custom:gppde-card"
PHONE: Final = ViewportSize(width=390, height=844)
MOST_TABS: Final = 80
AXE: Final = files("axe_playwright_python") / "axe.min.js"
FOCUSED: Final = """() => {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  return element?.getAttribute("aria-label") || element?.textContent.trim();
}"""
OWN_SCRIPT: Final = re.compile(r"/frontend_latest/app\.\w+\.js")
VIOLATIONS: Final = """async (card) => {
  const { violations } = await axe.run(card);
  return violations.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)].join(" "));
}"""


@dataclass(frozen=True, slots=True)
class Card:
    """One card on a page."""

    page: Page
    root: Locator

    @classmethod
    def on(cls, page: Page, place: int = 0) -> Card:
        """Return the card at a place of the page."""
        return cls(page, page.locator("gppde-card").nth(place))

    @property
    def said(self) -> Locator:
        """What was said last."""
        return self.root.get_by_role("blockquote")

    @property
    def earlier(self) -> Locator:
        """What was said before that."""
        return self.root.get_by_role("listitem").get_by_role("paragraph")

    @property
    def talkative(self) -> Locator:
        """The switch."""
        return self.root.get_by_role("switch", name="Talkative")

    @property
    def stock(self) -> Locator:
        """The picture of it."""
        return self.root.get_by_role("img")

    @property
    def progress(self) -> Locator:
        """The bar of a refill."""
        return self.root.get_by_role("progressbar")

    @property
    def status(self) -> Locator:
        """What a screen reader tells unasked."""
        return self.root.get_by_role("status")

    def button(self, name: str) -> Locator:
        """Return the button of that name."""
        return self.root.get_by_role("button", name=name)

    async def shows(self, text: str) -> None:
        """Wait until this can be read."""
        await self.root.get_by_text(text).first.wait_for()

    async def tab_to(self, name: str) -> None:
        """Press the tabulator until what bears this name has the keyboard's focus."""
        for _ in range(MOST_TABS):
            await self.page.keyboard.press("Tab")
            if await self.page.evaluate(FOCUSED) == name:
                return
        raise AssertionError(f"The tabulator does not lead to {name}")

    async def violations(self) -> list[str]:
        """Return the rules of accessibility that it breaks, as axe-core sees it."""
        await self.page.evaluate(AXE.read_text())
        found: list[str] = await self.root.evaluate(VIOLATIONS)
        return found


async def create_dashboard(client: Client, *configs: Json) -> None:
    """Create a dashboard with a card for each config, or with none."""
    await client.command(
        "lovelace/dashboards/create",
        url_path=PATH,
        title="Doors",
        icon="mdi:door",
        mode="storage",
        show_in_sidebar=True,
        require_admin=False,
    )
    section = {"type": "grid", "cards": [{"type": TYPE, **config} for config in configs]}
    view = {"type": "sections", "title": "Doors", "path": "doors", "sections": [section]}
    await save_dashboard(client, {"views": [view]})


async def save_dashboard(client: Client, config: Json) -> None:
    """Replace what is on the dashboard."""
    await client.command("lovelace/config/save", url_path=PATH, config=config)


async def saved_cards(client: Client) -> list[Json]:
    """Return what the dashboard's first section holds now."""
    config = await client.command("lovelace/config", url_path=PATH, force=True)
    cards: list[Json] = config["views"][0]["sections"][0]["cards"]
    return cards


async def pick(page: Page, url: str) -> None:
    """Go from an empty dashboard by the picker, which suggests the card, to the card's editor."""
    await page.goto(f"{url}/{PATH}/doors?edit=1")
    await page.get_by_role("button", name="Add card").first.click()
    await page.get_by_placeholder("Search entities").fill("Say something")
    await page.get_by_text("Say something").first.click()
    await page.locator("hui-dialog-create-card gppde-card").get_by_role("switch").wait_for()
    await page.get_by_text("By card").click()
    await page.get_by_placeholder("Search cards").fill("gppde")
    offered = page.locator("hui-card-picker .card", has_text=NAME)
    await offered.locator("gppde-card").get_by_role("switch").wait_for()
    await offered.locator(".overlay").click()
    await page.get_by_role("button", name="Save").wait_for()


async def save(page: Page) -> None:
    """Save what the editor shows, and leave the edit mode."""
    await page.get_by_role("button", name="Save").click()
    await page.get_by_role("button", name="Done").click()


async def overtake(page: Page, client: Client) -> None:
    """Have the card run before Home Assistant's own script, as over a slow network."""
    manifest = await client.command("manifest/get", integration="gppde")
    card = f"/gppde_frontend/{manifest['version']}/gppde-card.js"

    async def run_card_first(route: Route) -> None:
        script = await route.fetch()
        await route.fulfill(response=script, body=f"await import('{card}');{await script.text()}")

    await page.route(OWN_SCRIPT, run_card_first)


def listen(page: Page) -> tuple[list[str], list[Json]]:
    """Return two lists that take down what goes wrong in our modules, and what actions are called.

    Listen before the page is opened.
    """
    wrongs: list[str] = []
    calls: list[Json] = []

    def note(frame: str | bytes) -> None:
        sent = json.loads(frame)
        messages = sent if isinstance(sent, list) else [sent]
        calls.extend(each for each in messages if each["type"] == "call_service")

    def fail(error: BrowserError) -> None:
        if "gppde" in (error.stack or ""):
            wrongs.append(error.message)

    page.on("pageerror", fail)
    page.on("websocket", lambda socket: socket.on("framesent", note))
    return wrongs, calls
