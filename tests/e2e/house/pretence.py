"""Cards that are told of a bill at AWS, of a failure, or of somebody who speaks French."""

import json
from typing import Any, Final

from playwright.async_api import Page

from .card import Card
from .client import Json

PERSONA: Final = {
    "id": "persona",
    "device_id": "a persona's device",
    "name": "Squeak",
    "tone": "sunny",
    "fresh": 6,
    "stale": 0,
    "target": 10,
    "low_water": 5,
    "last": None,
}
DOOR: Final = {
    "id": "door",
    "device_id": "a door's device",
    "name": "Front door",
    "persona": "persona",
    "sensor": "binary_sensor.front_door",
    "talkative_entity": "switch.front_door_talkative",
    "say_entity": "button.front_door_say_something",
    "quip_entity": "event.front_door_quip",
}
REFILL: Final = {"state": "idle", "progress": None, "persona": None, "last_error": None}
SNAPSHOT: Final = {
    "entry": "entry",
    "source": "server",
    "personas": [PERSONA],
    "doors": [DOOR],
    "refill": REFILL,
    "spent": None,
    "recent": [],
}
SHOW: Final = """([snapshot, language]) => {
  const house = document.querySelector("home-assistant");
  house.shadowRoot.querySelector("#pretence")?.remove();
  const card = document.createElement("gppde-card");
  const connection = {
    addEventListener: () => {},
    removeEventListener: () => {},
    subscribeMessage: async (tell) => { tell(snapshot); return async () => {}; },
  };
  const callService = async (domain, action, data, target) => {
    window.calls.push({ action: `${domain}.${action}`, ...data, ...target });
  };
  window.calls = [];
  card.id = "pretence";
  card.setConfig({});
  card.hass = { ...house.hass, locale: { language }, connection, callService };
  house.shadowRoot.append(card);
}"""


async def show(page: Page, language: str = "en", **snapshot: Any) -> Card:
    """Put a card on the page that is told of this house, but for what is given."""
    await page.evaluate(SHOW, [SNAPSHOT | snapshot, language])
    return Card(page, page.locator("#pretence"))


async def calls(page: Page) -> list[Json]:
    """Return the actions that the card has called, with their data."""
    called: list[Json] = await page.evaluate("window.calls")
    return called


def line(text: str, said_at: str, door: str | None = "door") -> Json:
    """Return a line that the persona said."""
    uuid = json.dumps(text)
    return {"uuid": uuid, "text": text, "persona": "persona", "door": door, "said_at": said_at}
