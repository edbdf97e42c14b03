"""The kinds of fields that the forms have."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import voluptuous as vol
from homeassistant.components.media_player import DOMAIN as MEDIA_PLAYER
from homeassistant.helpers.selector import (
    EntitySelector,
    EntitySelectorConfig,
    EntityWithDeviceFilterSelectorConfig,
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)

from ..players import SATELLITE


def text(
    kind: TextSelectorType = TextSelectorType.TEXT, *, multiline: bool = False
) -> vol.All[Any]:
    """Return a field whose text has no blanks around it."""
    return vol.All(TextSelector(TextSelectorConfig(type=kind, multiline=multiline)), vol.Strip)


def whole_number(lowest: int, highest: int, unit: str | None = None) -> vol.All[Any]:
    """Return a box, for a slider cannot show that nothing is set."""
    config = NumberSelectorConfig(min=lowest, max=highest, mode=NumberSelectorMode.BOX)
    if unit:
        config["unit_of_measurement"] = unit
    return vol.All(NumberSelector(config), vol.Coerce(int))


def choice_of(options: type[StrEnum], translation_key: str) -> SelectSelector:
    """Return a choice whose options are translated."""
    return SelectSelector(
        SelectSelectorConfig(options=list(options), translation_key=translation_key)
    )


def choice_by_name(names: Mapping[str, str]) -> SelectSelector:
    """Return a choice among what a person gave names; it yields the key."""
    options = [SelectOptionDict(value=key, label=name) for key, name in names.items()]
    return SelectSelector(SelectSelectorConfig(options=options, mode=SelectSelectorMode.DROPDOWN))


def suggestions(names: Mapping[str, str]) -> vol.All[Any]:
    """Return a choice among what has names, in their order; anything else may be typed in."""
    options = [SelectOptionDict(value=key, label=name) for key, name in names.items()]
    return vol.All(
        SelectSelector(
            SelectSelectorConfig(
                options=options, custom_value=True, mode=SelectSelectorMode.DROPDOWN
            )
        ),
        vol.Strip,
    )


def players() -> EntitySelector:
    """Return a choice, in an order, of what can play a quip."""
    domains = [MEDIA_PLAYER, SATELLITE]
    kinds = [
        EntityWithDeviceFilterSelectorConfig(
            domain=MEDIA_PLAYER,
            supported_features=["media_player.MediaPlayerEntityFeature.PLAY_MEDIA"],
        ),
        EntityWithDeviceFilterSelectorConfig(domain=SATELLITE),
    ]
    # The frontend goes by the filter; what is sent is checked against the domains.
    return EntitySelector(
        EntitySelectorConfig(domain=domains, filter=kinds, multiple=True, reorder=True)
    )
