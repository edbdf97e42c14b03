"""What a target means to us: the doors and personas, by subentry id, that it stands for."""

from collections.abc import Mapping
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.target import TargetSelection, async_extract_referenced_entity_ids

from .const import DOMAIN


class Targets:
    """A target as the registries resolve it at this moment; `are_given` is whether there is one.

    `named` has what is named by itself, devices and entities, each with its owner or None;
    `owners` has also those that an area, a floor or a label stands for.
    """

    def __init__(self, hass: HomeAssistant, target: Mapping[str, Any]) -> None:
        selection = TargetSelection(dict(target))
        selected = async_extract_referenced_entity_ids(hass, selection, primary_entities_only=False)
        self.are_given = any(key in target for key in cv.ENTITY_SERVICE_FIELDS)
        devices = {id_: owner_of_device(hass, id_) for id_ in selected.referenced_devices}
        self.named = {id_: owner_of_entity(hass, id_) for id_ in selected.referenced}
        self.named |= {id_: devices[id_] for id_ in selection.device_ids & devices.keys()}
        self.owners = {
            *self.named.values(),
            *devices.values(),
            *(owner_of_entity(hass, id_) for id_ in selected.indirectly_referenced),
        }


def owner_of_device(hass: HomeAssistant, device_id: str) -> str | None:
    """Return the id of the door or persona that a device stands for."""
    device = dr.async_get(hass).async_get(device_id)
    identifiers = device.identifiers if device else ()
    return next((id_ for domain, id_ in identifiers if domain == DOMAIN), None)


def owner_of_entity(hass: HomeAssistant, entity_id: str) -> str | None:
    """Return the id of the door or persona that an entity belongs to."""
    entity = er.async_get(hass).async_get(entity_id)
    return entity.config_subentry_id if entity and entity.platform == DOMAIN else None


def entities_with_key(hass: HomeAssistant, entities: set[str], key: str) -> set[str]:
    """Return those of our entities that have this translation key, and so the same meaning."""
    registry = er.async_get(hass)
    return {
        id_
        for id_ in entities
        if (entity := registry.async_get(id_))
        and (entity.platform, entity.translation_key) == (DOMAIN, key)
    }
