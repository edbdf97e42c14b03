"""The kinds of fields that the forms have."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import voluptuous as vol
from homeassistant.components.binary_sensor import DOMAIN as BINARY_SENSOR
from homeassistant.components.media_player import DOMAIN as MEDIA_PLAYER
from homeassistant.helpers.selector import (
    ChooseSelector,
    ChooseSelectorChoiceConfig,
    ChooseSelectorConfig,
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

from ..const import CONF_SENSOR
from ..speaking.players import SATELLITE
from .candidates import DOOR_LIKE

# Of a selector of entities the frontend goes by the filter; what is sent is checked by the domain.


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


class _MaybeChoice(ChooseSelector):
    """A choice in which nothing may be chosen yet: the frontend cannot tell that by itself."""

    def __call__(self, data: Any) -> Any:
        """Return what was chosen, or nothing."""
        chosen = data.get(data.get("active_choice")) if isinstance(data, dict) else data
        return super().__call__(data) if chosen else ""


def sensor(*, doors_first: bool) -> ChooseSelector:
    """Return a choice among the sensors that look like doors, or among all binary sensors; it
    yields "" if none was chosen.
    """
    like = EntityWithDeviceFilterSelectorConfig(domain=BINARY_SENSOR, device_class=list(DOOR_LIKE))
    choices = {
        "door_like": _choice(EntitySelectorConfig(domain=BINARY_SENSOR, filter=like)),
        "any": _choice(EntitySelectorConfig(domain=BINARY_SENSOR)),
    }
    order = choices if doors_first else dict(reversed(choices.items()))
    return _MaybeChoice(ChooseSelectorConfig(choices=order, translation_key=CONF_SENSOR))


def _choice(config: EntitySelectorConfig) -> ChooseSelectorChoiceConfig:
    # Home Assistant checks a value against a selector in words only, not against an object.
    return ChooseSelectorChoiceConfig(selector=EntitySelector(config).serialize()["selector"])


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
    return EntitySelector(
        EntitySelectorConfig(domain=domains, filter=kinds, multiple=True, reorder=True)
    )
