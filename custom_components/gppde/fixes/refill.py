"""The repairs that end with another refill, which tells by itself how it ends."""

from contextlib import suppress
from typing import Any

from homeassistant.components.repairs import RepairsFlowResult
from homeassistant.exceptions import HomeAssistantError

from ..data import GppdeConfigEntry
from ..ec2.preflight_report import preflight_report
from ..personas.persona import Persona
from ..sources.kinds import SOURCE_ASSIST, SOURCE_SERVER, is_assist, is_ec2
from .fix_flow import LoadedFixFlow


class RefillFlow(LoadedFixFlow):
    """Refills once a person has mended what stood in the way."""

    async def async_step_confirm(
        self,
        user_input: dict[str, Any] | None = None,  # noqa: ARG002  there is nothing to enter
    ) -> RepairsFlowResult:
        """Order a refill, which takes minutes."""
        entry = self._loaded_entry()
        persona = self._persona(entry) if entry else None
        if entry is None or persona is None:
            return self._not_loaded()
        entry.async_create_background_task(
            self.hass, _refill(entry, persona), "gppde refill after repair"
        )
        return self.async_create_entry(data={})

    def _persona(self, entry: GppdeConfigEntry) -> Persona | None:
        """Return the one whose refill failed; any other will do if that one is gone."""
        personas = entry.runtime_data.personas.values()
        named = (each for each in personas if each.brief.name == self._told.get("persona"))
        return next(named, next(iter(personas), None))


class FailingRefillFlow(RefillFlow):
    """Shows what is wrong where that can be found out; the refill closes the circuit."""

    async def async_step_init(
        self,
        user_input: dict[str, Any] | None = None,  # noqa: ARG002  says which issue
    ) -> RepairsFlowResult:
        """Show what is known, by the kind of the source."""
        if (entry := self._loaded_entry()) is None:
            return self._not_loaded()
        if is_ec2(entry):
            report = await preflight_report(self.hass, entry)
            return self._ask("preflight", {"checks": report.markdown})
        return self._ask(SOURCE_ASSIST if is_assist(entry) else SOURCE_SERVER)

    async def async_step_preflight(
        self, user_input: dict[str, Any] | None = None
    ) -> RepairsFlowResult:
        """Go on: a person has read the list."""
        return await self.async_step_confirm(user_input)

    async def async_step_server(
        self, user_input: dict[str, Any] | None = None
    ) -> RepairsFlowResult:
        """Go on: a person has looked after the server."""
        return await self.async_step_confirm(user_input)

    async def async_step_assist(
        self, user_input: dict[str, Any] | None = None
    ) -> RepairsFlowResult:
        """Go on: a person has looked after AI Task and voice."""
        return await self.async_step_confirm(user_input)


async def _refill(entry: GppdeConfigEntry, persona: Persona) -> None:
    # A full stock is ordered for as well: only an order shows whether the source works.
    with suppress(HomeAssistantError):  # which an issue, the entities and the log tell
        await entry.runtime_data.refill.request(persona, persona.missing or 1)
