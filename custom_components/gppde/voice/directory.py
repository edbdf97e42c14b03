"""The doors and personas of an entry, by all names that they go by."""

from collections.abc import Iterable, Iterator

from homeassistant.core import HomeAssistant
from homeassistant.helpers import area_registry as ar
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er

from ..const import DOMAIN
from ..data import GppdeConfigEntry
from ..doors.door import Door
from ..personas.persona import Persona
from .answer import Answer, NotUnderstoodError
from .ear import Ear
from .languages import Language


class Directory:
    """Finds doors and personas by name, alias, and the area in which a door is."""

    def __init__(
        self, hass: HomeAssistant, entry: GppdeConfigEntry, languages: Iterable[Language]
    ) -> None:
        self._hass = hass
        self._entry_id = entry.entry_id
        self._doors = list(entry.runtime_data.doors.values())
        self._personas = list(entry.runtime_data.personas.values())
        self._ear = Ear(languages)

    def doors(self, spoken: str | None) -> list[Door]:
        """Return the door that is meant, or all of them. Raises NotUnderstoodError."""
        known = [door.name for door in self._doors]
        if not known:
            raise NotUnderstoodError(Answer(key="no_doors"))
        found = self._doors_called(spoken)
        if not found:
            heard = self._ear.name_in(spoken)
            raise NotUnderstoodError(Answer(key="unknown_door", heard=heard, known=known))
        if len(found) > 1 and not self._ear.means_everyone(spoken):
            raise NotUnderstoodError(Answer(key="which_door", known=known))
        return found

    def personas(self, spoken: str | None) -> list[Persona]:
        """Return who is meant, maybe by a door, or all personas. Raises NotUnderstoodError."""
        known = [persona.brief.name for persona in self._personas]
        if not known:
            raise NotUnderstoodError(Answer(key="no_personas"))
        found = self._ear.find(spoken, [*self._persona_names(), *self._voiced_by()])
        if not found:
            heard = self._ear.name_in(spoken)
            raise NotUnderstoodError(Answer(key="unknown_persona", heard=heard, known=known))
        return list(dict.fromkeys(found))

    def _doors_called(self, spoken: str | None) -> list[Door]:
        areas = [(area, door) for door in self._doors for area in self._areas(door.id)]
        names = [*self._door_names(), *self._voices()]
        found = self._ear.find(spoken, names) or self._ear.find(spoken, areas)
        return list(dict.fromkeys(found))

    def _door_names(self) -> list[tuple[str, Door]]:
        return [(name, it) for it in self._doors for name in self._names(it.id, it.name)]

    def _persona_names(self) -> list[tuple[str, Persona]]:
        return [(name, it) for it in self._personas for name in self._names(it.id, it.brief.name)]

    def _voices(self) -> list[tuple[str, Door]]:
        """Return each door by the names of its persona."""
        names = self._persona_names()
        return [(name, door) for name, it in names for door in self._doors if door.persona is it]

    def _voiced_by(self) -> list[tuple[str, Persona]]:
        return [(name, door.persona) for name, door in self._door_names()]

    def _names(self, id_: str, name: str) -> set[str]:
        names = {name}
        if device := self._device(id_):
            names |= {device.name_by_user or name}
            entities = er.async_entries_for_device(er.async_get(self._hass), device.id)
            names |= {it for entity in entities for it in entity.aliases if isinstance(it, str)}
        return names

    def _areas(self, id_: str) -> Iterator[str]:
        device = self._device(id_)
        if device and device.area_id:
            area = ar.async_get(self._hass).async_get_area(device.area_id)
            if area:
                yield from {area.name, *area.aliases}

    def _device(self, id_: str) -> dr.DeviceEntry | None:
        devices = dr.async_get(self._hass)
        return devices.async_get_device_by_identifier((DOMAIN, id_), self._entry_id)
