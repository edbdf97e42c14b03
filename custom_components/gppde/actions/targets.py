"""Whom an action means: what is missing, foreign or deleted is refused before anything is done."""

from collections.abc import Collection, Mapping
from typing import Any, Final

import voluptuous as vol
from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers import device_registry as dr

from ..const import CONF_PERSONA, DOMAIN
from ..data import GppdeConfigEntry, GppdeData, running_entry
from ..doors.door import Door
from ..personas.persona import Persona
from ..targeting import Targets, owner_of_device

PERSONA_FIELDS: Final[dict[vol.Marker, Any]] = {
    vol.Optional(CONF_PERSONA): vol.All(cv.ensure_list, [cv.string])
}
"""One device or several; without the field all personas are meant."""


def loaded_entry(hass: HomeAssistant) -> GppdeConfigEntry:
    """Return the entry that runs. Raises ServiceValidationError."""
    if (entry := running_entry(hass)) is None:
        raise ServiceValidationError(translation_domain=DOMAIN, translation_key="not_loaded")
    return entry


def personas_named(call: ServiceCall, data: GppdeData) -> list[Persona]:
    """Return the personas whose devices a call names, or all. Raises ServiceValidationError."""
    devices: list[str] | None = call.data.get(CONF_PERSONA)
    if devices is None:
        return list(data.personas.values())
    if not any(devices):
        raise ServiceValidationError(translation_domain=DOMAIN, translation_key="no_persona_chosen")
    owners = {id_: owner_of_device(call.hass, id_) for id_ in devices}
    _refuse_strangers(call.hass, owners, data.personas, "not_a_persona")
    return [data.personas[id_] for id_ in owners.values() if id_]


def personas_meant(call: ServiceCall, data: GppdeData) -> list[Persona]:
    """Return the personas that a call targets, as doors are, or all if it has no target.

    Raises ServiceValidationError.
    """
    targets = Targets(call.hass, call.data)
    if not targets.are_given:
        return list(data.personas.values())
    return _targeted(call.hass, targets, data.personas, "not_a_persona", "no_persona_chosen")


def doors_meant(call: ServiceCall, data: GppdeData) -> list[Door]:
    """Return the doors that a call targets by themselves, their entities, or where they are.

    What is named must be a door, what is meant by an area, a floor or a label may have others
    beside it. Raises ServiceValidationError.
    """
    targets = Targets(call.hass, call.data)
    return _targeted(call.hass, targets, data.doors, "not_a_door", "no_door_chosen")


def _targeted[Part](
    hass: HomeAssistant, targets: Targets, parts: Mapping[str, Part], strange: str, none: str
) -> list[Part]:
    """Return those of our parts that are targeted; `strange` and `none` are what is told else."""
    _refuse_strangers(hass, targets.named, parts, strange)
    targeted = [part for id_, part in parts.items() if id_ in targets.owners]
    if not targeted:
        raise ServiceValidationError(translation_domain=DOMAIN, translation_key=none)
    return targeted


def _refuse_strangers(
    hass: HomeAssistant, owners: Mapping[str, str | None], known: Collection[str], key: str
) -> None:
    for id_, owner in owners.items():
        if owner not in known:
            name = _name(hass, id_)
            raise ServiceValidationError(
                translation_domain=DOMAIN,
                translation_key=key if name else "unknown_target",
                translation_placeholders={"target": name or id_},
            )


def _name(hass: HomeAssistant, id_: str) -> str | None:
    if device := dr.async_get(hass).async_get(id_):
        return device.name_by_user or device.name or id_
    state = hass.states.get(id_)
    return state.name if state else None
