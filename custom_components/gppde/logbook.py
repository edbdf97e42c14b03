"""What doors said and why they kept quiet, as sentences in Home Assistant's activity."""

from collections.abc import Callable
from typing import Any

from homeassistant.components.logbook import LOGBOOK_ENTRY_MESSAGE, LOGBOOK_ENTRY_NAME
from homeassistant.const import ATTR_NAME
from homeassistant.core import Event, HomeAssistant, callback

from .const import DOMAIN
from .event import EVENT_QUIP, SAID
from .option_texts import cached_option_texts

SENTENCES = "logbook"

type Describe = Callable[[Event[Any]], dict[str, Any]]


@callback
def async_describe_events(
    hass: HomeAssistant, async_describe_event: Callable[[str, str, Describe], None]
) -> None:
    """Describe the one event that we fire."""

    @callback
    def describe(event: Event[Any]) -> dict[str, Any]:
        return {
            LOGBOOK_ENTRY_NAME: event.data[ATTR_NAME],
            LOGBOOK_ENTRY_MESSAGE: _sentence(hass, event.data),
        }

    async_describe_event(DOMAIN, EVENT_QUIP, describe)


def _sentence(hass: HomeAssistant, data: dict[str, Any]) -> str:
    sentence = cached_option_texts(hass, SENTENCES)[data.get("reason", SAID)]
    return sentence.format(text=data.get("text"))
