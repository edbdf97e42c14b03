"""A media player that plays, as far as its state tells, and can be told to misbehave."""

import asyncio
from typing import Any

from homeassistant.components.media_player import MediaPlayerEntityFeature, MediaPlayerState
from homeassistant.core import HomeAssistant

from .helpers import RecordingPlayer


class ActingPlayer(RecordingPlayer):
    """Notes what it is told. Errors are raised, stops waited for; `steps` rounds volumes."""

    def __init__(self, name: str, *, announces: bool = False, steps: int = 0) -> None:
        super().__init__(name, announces=announces)
        self.error: Exception | None = None
        self.volume_error: Exception | None = None
        self.door_stop: asyncio.Event | None = None
        self.knob_stop: asyncio.Event | None = None
        self.steps = steps
        self.is_slow_to_report = False
        self.calls: list[dict[str, Any]] = []

    async def async_play_media(self, media_type: str, media_id: str, **kwargs: Any) -> None:
        """Note the call, then act upon it."""
        self.calls.append({"media_type": media_type, **kwargs})
        if self.door_stop:
            await self.door_stop.wait()
        if self.error:
            raise self.error
        self.played.append(media_id)

    async def async_set_volume_level(self, volume: float) -> None:
        """Take the volume as finely as this player can."""
        self.volumes.append(volume)
        if self.knob_stop:
            await self.knob_stop.wait()
        if self.volume_error:
            raise self.volume_error
        self._attr_volume_level = round(volume * self.steps) / self.steps if self.steps else volume
        if not self.is_slow_to_report:
            self.async_write_ha_state()

    def plays(self, content: str | None) -> None:
        """Report what it plays, or that it plays nothing any more."""
        self._attr_state = MediaPlayerState.PLAYING if content else MediaPlayerState.IDLE
        self._attr_media_content_id = content
        self.async_write_ha_state()

    def is_turned(self, level: float) -> None:
        """Let a person turn the knob."""
        self._attr_volume_level = level
        self.async_write_ha_state()

    def goes_away(self) -> None:
        """Lose its connection."""
        self._attr_available = False
        self.async_write_ha_state()

    def comes_back(self) -> None:
        """Find its connection."""
        self._attr_available = True
        self.async_write_ha_state()

    def switched_off(self) -> None:
        """Be off, which hides the volume."""
        self._attr_state = MediaPlayerState.OFF
        self.async_write_ha_state()

    def has_fixed_volume(self) -> None:
        """Have no volume that can be set."""
        self._attr_supported_features = MediaPlayerEntityFeature.PLAY_MEDIA
        self.async_write_ha_state()


class Satellite:
    """An Assist satellite, as far as its announce action goes; `heard` ends its announcements."""

    def __init__(self, hass: HomeAssistant, name: str) -> None:
        self.entity_id = f"assist_satellite.{name}"
        self.announced: list[dict[str, Any]] = []
        self.error: Exception | None = None
        self.heard = asyncio.Event()
        hass.states.async_set(self.entity_id, "idle")

    async def announce(self, data: dict[str, Any]) -> None:
        """Say something, and return at its end."""
        self.announced.append(data)
        if self.error:
            raise self.error
        await self.heard.wait()
