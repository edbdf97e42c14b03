"""What an entry says of where its quips come from."""

from typing import Any, Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import CONF_SOURCE

SOURCE_STARTER: Final = "starter"
"""No source at all: what is shipped will do for a beginning."""
SOURCE_SERVER: Final = "server"
SOURCE_EC2: Final = "ec2"
SOURCE_ASSIST: Final = "assist"
STARTER_TITLE: Final = "Starter quips"


def source_of(entry: ConfigEntry[Any]) -> str:
    """Return where an entry's quips come from; the first entries did not tell."""
    source: str = entry.data.get(CONF_SOURCE, SOURCE_SERVER)
    return source


def is_assist(entry: ConfigEntry[Any]) -> bool:
    """Whether Home Assistant's own AI and voice are an entry's source."""
    return source_of(entry) == SOURCE_ASSIST


def is_ec2(entry: ConfigEntry[Any]) -> bool:
    """Whether an entry launches instances."""
    return source_of(entry) == SOURCE_EC2
