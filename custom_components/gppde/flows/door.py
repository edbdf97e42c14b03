"""The form of a door."""

from typing import Any

import voluptuous as vol
from homeassistant.config_entries import ConfigSubentry, SubentryFlowResult
from homeassistant.const import PERCENTAGE, UnitOfTime
from homeassistant.data_entry_flow import section
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.selector import BooleanSelector, TimeSelector

from ..const import (
    CONF_COOL_DOWN,
    CONF_PERSONA,
    CONF_PLAYERS,
    CONF_QUIET_FROM,
    CONF_QUIET_UNTIL,
    CONF_SENSOR,
    CONF_SPEAK_ON,
    CONF_VOLUME,
    DEFAULT_COOL_DOWN,
    SUBENTRY_PERSONA,
    SpeakOn,
)
from ..option_texts import cached_option_texts
from .candidates import announcers, likeliest_player, likeliest_sensor, looks_like_door
from .fields import choice_by_name, choice_of, players, sensor, whole_number
from .hearing import CONF_HEAR, HearingFlow
from .subentry import Content, Form

MANNERS = "manners"
QUIET_HOURS = (CONF_QUIET_FROM, CONF_QUIET_UNTIL)

MANNERS_SCHEMA = vol.Schema(
    {
        vol.Required(CONF_SPEAK_ON, default=SpeakOn.OPENED.value): choice_of(
            SpeakOn, CONF_SPEAK_ON
        ),
        vol.Required(CONF_COOL_DOWN, default=DEFAULT_COOL_DOWN): whole_number(
            0, 3600, UnitOfTime.SECONDS
        ),
        vol.Optional(CONF_QUIET_FROM): TimeSelector(),
        vol.Optional(CONF_QUIET_UNTIL): TimeSelector(),
        vol.Optional(CONF_VOLUME): whole_number(0, 100, PERCENTAGE),
    }
)


class DoorFlow(HearingFlow):
    """Adds or changes a door."""

    async def async_step_settings(self, form: Form | None = None) -> SubentryFlowResult:
        """Ask, unless nobody could speak for a door."""
        if not self._personas():
            return self.async_abort(reason="no_persona")
        return await super().async_step_settings(form)

    def _personas(self) -> dict[str, str]:
        personas = self._get_entry().get_subentries_of_type(SUBENTRY_PERSONA)
        return {persona.subentry_id: persona.title for persona in personas}

    def _schema(self, errors: dict[str, str]) -> vol.Schema:
        personas = self._personas()
        return vol.Schema(
            {
                vol.Required(CONF_SENSOR): sensor(doors_first=self._is_door_like()),
                vol.Required(CONF_PLAYERS): players(),
                vol.Required(CONF_PERSONA, default=next(iter(personas))): choice_by_name(personas),
                vol.Required(MANNERS): section(
                    MANNERS_SCHEMA, {"collapsed": MANNERS not in errors}
                ),
                vol.Required(CONF_HEAR, default=self._current is None): BooleanSelector(),
            }
        )

    def _taken(self) -> set[str | None]:
        return {door.unique_id for door in self._others()}

    def _suggested(self) -> Form:
        sensor = likeliest_sensor(self.hass, self._taken())
        player = likeliest_player(self.hass, sensor)
        form = {CONF_SENSOR: sensor, CONF_PLAYERS: [player] if player else None}
        return {key: value for key, value in form.items() if value}

    def _is_door_like(self) -> bool:
        if self._current:
            return looks_like_door(self.hass.states.get(self._current.data[CONF_SENSOR]))
        return likeliest_sensor(self.hass, self._taken()) is not None

    def _placeholders(self) -> dict[str, str]:
        names = ", ".join(player.name for player in announcers(self.hass))
        sentence = cached_option_texts(self.hass, CONF_PLAYERS).get("announcers", "")
        return {"announcers": names and sentence.format(players=names)}

    def _stored(self, subentry: ConfigSubentry) -> Form:
        settings = dict(subentry.data)
        if settings[CONF_PERSONA] not in self._personas():
            del settings[CONF_PERSONA]
        if CONF_VOLUME in settings:
            settings[CONF_VOLUME] = round(settings[CONF_VOLUME] * 100)
        return settings | {MANNERS: settings}

    def _errors(self, form: Form) -> dict[str, str]:
        errors = {}
        if form[CONF_SENSOR] in self._taken():
            errors[CONF_SENSOR] = "already_configured"
        elif not form[CONF_SENSOR]:
            errors[CONF_SENSOR] = "no_sensor"
        if not form[CONF_PLAYERS]:
            errors[CONF_PLAYERS] = "no_player"
        return errors | _quiet_hours_errors(form[MANNERS])

    def _content(self, form: Form) -> Content:
        settings = form | _to_manners(form[MANNERS])
        for key in (MANNERS, CONF_HEAR):
            settings.pop(key, None)
        settings[CONF_PLAYERS] = list(dict.fromkeys(form[CONF_PLAYERS]))
        sensor = form[CONF_SENSOR]
        return Content(title=self._name(sensor), data=settings, unique_id=sensor)

    def _name(self, sensor: str) -> str:
        if self._current and self._current.data[CONF_SENSOR] == sensor:
            return self._current.title
        state = self.hass.states.get(sensor)
        return state.name if state else sensor


def _quiet_hours_errors(manners: Form) -> dict[str, str]:
    hours = [cv.time(manners[key]) for key in QUIET_HOURS if key in manners]
    if len(hours) == 1:
        return {MANNERS: "quiet_hours_incomplete"}
    if hours and hours[0] == hours[1]:
        return {MANNERS: "quiet_hours_equal"}
    return {}


def _to_manners(form: Form) -> dict[str, Any]:
    hours = {key: cv.time(form[key]).isoformat() for key in QUIET_HOURS if key in form}
    volume = {CONF_VOLUME: form[CONF_VOLUME] / 100} if CONF_VOLUME in form else {}
    return form | hours | volume
