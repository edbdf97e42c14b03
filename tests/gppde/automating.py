"""Automations as a person writes them, loaded by Home Assistant's own `automation` integration."""

from typing import Any

from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

RAN = "automation_ran"
AUTOMATION = "automation.test"


async def automate(hass: HomeAssistant, **automation: Any) -> list[dict[str, Any]]:
    """Load an automation; return what its runs tell by firing `RAN`, filled as they happen."""
    runs: list[dict[str, Any]] = []

    @callback
    def ran(event: Event[Any]) -> None:
        runs.append(event.data)

    hass.bus.async_listen(RAN, ran)
    config = {"automation": {"id": "test", "alias": "Test", **automation}}
    assert await async_setup_component(hass, "automation", config)
    await hass.async_block_till_done()
    return runs


def tell(**values: str) -> dict[str, Any]:
    """Return the action that tells these templates' values."""
    return {"event": RAN, "event_data": values}


def is_loaded(hass: HomeAssistant) -> bool:
    """Tell whether Home Assistant accepted the automation."""
    state = hass.states.get(AUTOMATION)
    return state is not None and state.state == "on"


async def ask(
    hass_ws_client: WebSocketGenerator, message: dict[str, Any], *, events: bool = False
) -> Any:
    """Return what the automation editor is answered; with `events`, what it is told at first."""
    client = await hass_ws_client()
    await client.send_json_auto_id(message)
    answer = await client.receive_json()
    assert answer["success"], answer
    return (await client.receive_json())["event"] if events else answer["result"]
