"""What an automation may ask about: a stock that is low, a refill that runs, a door that talks."""

from typing import Unpack

import voluptuous as vol
from homeassistant.components.sensor import DOMAIN as SENSOR
from homeassistant.components.switch import DOMAIN as SWITCH
from homeassistant.const import CONF_OPTIONS, CONF_TARGET, STATE_ON
from homeassistant.core import HomeAssistant
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.automation import DomainSpec
from homeassistant.helpers.condition import (
    Condition,
    ConditionCheckParams,
    ConditionConfig,
    EntityStateConditionBase,
)
from homeassistant.helpers.typing import ConfigType

from .const import ATTR_LEVEL, StockLevel
from .data import running_entry
from .targeting import Targets, entities_with_key

_TARGET_SCHEMA = vol.Schema(
    {vol.Required(CONF_TARGET): cv.TARGET_FIELDS, vol.Optional(CONF_OPTIONS, default={}): {}}
)


class StockIsLowCondition(EntityStateConditionBase):
    """Few quips are left, or none."""

    _domain_specs = {SENSOR: DomainSpec(value_source=ATTR_LEVEL)}  # noqa: RUF012
    _states = {StockLevel.LOW, StockLevel.EMPTY}  # noqa: RUF012

    def entity_filter(self, entities: set[str]) -> set[str]:
        """Keep the stocks of personas."""
        return entities_with_key(self._hass, entities, "quip_stock")


class IsTalkativeCondition(EntityStateConditionBase):
    """A door may talk, as far as its switch goes; quiet hours and the like are another matter."""

    _domain_specs = {SWITCH: DomainSpec()}  # noqa: RUF012
    _states = {STATE_ON}  # noqa: RUF012

    def entity_filter(self, entities: set[str]) -> set[str]:
        """Keep the switches of doors."""
        return entities_with_key(self._hass, entities, "talkative")


class IsRefillingCondition(Condition):
    """One of the targeted personas is getting new quips at this moment."""

    @classmethod
    async def async_validate_config(cls, hass: HomeAssistant, config: ConfigType) -> ConfigType:  # noqa: ARG003
        """Ask for a target and nothing else."""
        validated: ConfigType = _TARGET_SCHEMA(config)
        return validated

    def __init__(self, hass: HomeAssistant, config: ConditionConfig) -> None:
        super().__init__(hass, config)
        self._target = config.target or {}

    def _async_check(self, **_: Unpack[ConditionCheckParams]) -> bool:
        owners = Targets(self._hass, self._target).owners
        entry = running_entry(self._hass)
        served = entry.runtime_data.refill.persona if entry else None
        return served is not None and served.id in owners


async def async_get_conditions(hass: HomeAssistant) -> dict[str, type[Condition]]:  # noqa: ARG001
    """Return all of them."""
    return {
        "is_refilling": IsRefillingCondition,
        "is_talkative": IsTalkativeCondition,
        "stock_is_low": StockIsLowCondition,
    }
