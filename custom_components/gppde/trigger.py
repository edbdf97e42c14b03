"""What an automation may begin with: a door spoke, a stock is low or empty, a refill ended."""

from dataclasses import fields
from typing import ClassVar

from homeassistant.components.event import ATTR_EVENT_TYPE
from homeassistant.components.event import DOMAIN as EVENT
from homeassistant.components.sensor import DOMAIN as SENSOR
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, State, callback
from homeassistant.helpers.automation import DomainSpec
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.trigger import (
    ENTITY_STATE_TRIGGER_SCHEMA,
    EntityTargetStateTriggerBase,
    NotTriggeredReasonReporter,
    StatelessEntityTriggerBase,
    Trigger,
    TriggerActionRunner,
    TriggerConfig,
    TriggerNotTriggeredReporter,
)
from homeassistant.helpers.typing import ConfigType

from .const import ATTR_LEVEL, StockLevel
from .event import SAID
from .refills.outcome import RefillFailure, RefillOutcome, RefillResult
from .refills.refill import Refill
from .targeting import Targets, entities_with_key


class QuipPlayedTrigger(StatelessEntityTriggerBase):
    """A door said something. What it was is in the attributes of `to_state`."""

    _domain_specs = {EVENT: DomainSpec()}  # noqa: RUF012

    def entity_filter(self, entities: set[str]) -> set[str]:
        """Keep the events of doors."""
        return entities_with_key(self._hass, entities, "quip")

    def is_valid_state(
        self, state: State, report_not_triggered: NotTriggeredReasonReporter
    ) -> bool:
        """Tell a line that was said from one that was not, and say why that one was not."""
        if state.attributes.get(ATTR_EVENT_TYPE) == SAID:
            return True
        report_not_triggered("not_said", silence=state.attributes.get("reason"))
        return False


class StockTrigger(EntityTargetStateTriggerBase):
    """A stock came to a level that it did not have before."""

    _domain_specs = {SENSOR: DomainSpec(value_source=ATTR_LEVEL)}  # noqa: RUF012

    def entity_filter(self, entities: set[str]) -> set[str]:
        """Keep the stocks of personas."""
        return entities_with_key(self._hass, entities, "quip_stock")


class StockLowTrigger(StockTrigger):
    """Few quips are left, or none."""

    _to_states = {StockLevel.LOW, StockLevel.EMPTY}  # noqa: RUF012


class StockEmptyTrigger(StockTrigger):
    """No quip is left."""

    _to_states = {StockLevel.EMPTY}  # noqa: RUF012


class RefillTrigger(Trigger):
    """A refill for one of the targeted personas ended; its facts are the trigger's variables."""

    _outcome: ClassVar[type[RefillOutcome]]
    _description: ClassVar[str]

    @classmethod
    async def async_validate_config(cls, hass: HomeAssistant, config: ConfigType) -> ConfigType:  # noqa: ARG003
        """Ask for a target and nothing else."""
        validated: ConfigType = ENTITY_STATE_TRIGGER_SCHEMA(config)
        return validated

    def __init__(self, hass: HomeAssistant, config: TriggerConfig) -> None:
        super().__init__(hass, config)
        self._target = config.target or {}

    async def async_attach_runner(
        self,
        run_action: TriggerActionRunner,
        did_not_trigger: TriggerNotTriggeredReporter | None = None,  # noqa: ARG002
    ) -> CALLBACK_TYPE:
        """Wait for outcomes; whom the target means is looked up when there is one."""

        @callback
        def ended(outcome: RefillOutcome) -> None:
            if self._heeds(outcome):
                name = outcome.persona.brief.name
                facts = {field.name: getattr(outcome, field.name) for field in fields(outcome)}
                run_action(facts | {"persona": name}, f"refill for {name} {self._description}")

        return async_dispatcher_connect(self._hass, Refill.outcome_signal, ended)

    def _heeds(self, outcome: RefillOutcome) -> bool:
        targets = Targets(self._hass, self._target)
        return isinstance(outcome, self._outcome) and outcome.persona.id in targets.owners


class RefillFinishedTrigger(RefillTrigger):
    """It brought something: `persona`, and how many quips were `requested`, `added`, `dropped`."""

    _outcome = RefillResult
    _description = "finished"


class RefillFailedTrigger(RefillTrigger):
    """It brought nothing, or broke off: `persona` and the `error`."""

    _outcome = RefillFailure
    _description = "failed"


async def async_get_triggers(hass: HomeAssistant) -> dict[str, type[Trigger]]:  # noqa: ARG001
    """Return all of them."""
    return {
        "quip_played": QuipPlayedTrigger,
        "refill_failed": RefillFailedTrigger,
        "refill_finished": RefillFinishedTrigger,
        "stock_empty": StockEmptyTrigger,
        "stock_low": StockLowTrigger,
    }
