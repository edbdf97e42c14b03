"""What becomes of a refill."""

from dataclasses import dataclass

from ..personas.persona import Persona


@dataclass(frozen=True, slots=True)
class RefillResult:
    """What became of a refill: `dropped` quips were broken, or known already."""

    persona: Persona
    requested: int
    added: int
    dropped: int


@dataclass(frozen=True, slots=True)
class RefillFailure:
    """Why a refill came to nothing, or not to its end."""

    persona: Persona
    error: str


type RefillOutcome = RefillResult | RefillFailure
