"""An order for a batch, checked before anything is made of it."""

import json
import secrets
from dataclasses import dataclass
from typing import Any

import voluptuous as vol

from .errors import OrderError
from .persona import Persona, Tone

MOST_QUIPS = 200
MOST_AVOIDED = 5000
LARGEST_SEED = 2**63 - 1
LONGEST_MESSAGE = 500
LONGEST_NAME = 100
LONGEST_DESCRIPTION = 1000
LONGEST_AVOIDED = 500
LONGEST_VOICE = 100
VOICE_PATTERN = r"^([A-Za-z0-9][A-Za-z0-9_+-]*)?$"


@dataclass(frozen=True)
class Order:
    """`count` quips in the words and voice of `persona`, none nearly like those in `avoid`."""

    count: int
    persona: Persona
    avoid: tuple[str, ...]
    seed: int


def _whole_number(lowest: int, highest: int) -> vol.All:
    def is_integer(value: object) -> int:
        if not isinstance(value, int) or isinstance(value, bool):
            raise vol.Invalid("must be a whole number")
        return value

    within = vol.Range(lowest, highest, msg=f"must be {lowest} to {highest}")
    return vol.All(is_integer, within)


def _text(longest: int, shortest: int = 0) -> vol.All:
    def is_unicode(value: str) -> str:
        try:
            value.encode()
        except UnicodeEncodeError as error:
            raise vol.Invalid("must be valid Unicode") from error
        return value.strip()

    length = vol.Length(shortest, longest, msg=f"must have {shortest} to {longest} characters")
    return vol.All(vol.Msg(str, "must be a text"), is_unicode, length)


def _one_line(value: str) -> str:
    if not value.isprintable():
        raise vol.Invalid("must be a single line of printable characters")
    return value


TONE = vol.Msg(vol.Coerce(Tone), f"must be one of {', '.join(Tone)}")
VOICE = vol.Match(VOICE_PATTERN.replace("$", r"\Z"), msg="may have letters, digits, +, - and _")

ORDER = vol.Schema(
    {
        vol.Required("count"): _whole_number(1, MOST_QUIPS),
        vol.Required("persona"): {
            vol.Required("name"): vol.All(_text(LONGEST_NAME, shortest=1), _one_line),
            vol.Optional("description", default=""): _text(LONGEST_DESCRIPTION),
            vol.Required("tone"): TONE,
            vol.Optional("voice", default=""): vol.All(_text(LONGEST_VOICE), VOICE),
        },
        vol.Optional("avoid", default=list): vol.All(
            [_text(LONGEST_AVOIDED)],
            vol.Length(max=MOST_AVOIDED, msg=f"must have at most {MOST_AVOIDED} texts"),
        ),
        vol.Optional("seed"): _whole_number(0, LARGEST_SEED),
    },
)


def parse_order(body: bytes) -> Order:
    """Raises OrderError on anything but the JSON of an order."""
    try:
        return check_order(json.loads(body))
    except (ValueError, RecursionError) as error:
        raise OrderError("The body is not JSON.") from error


def check_order(wanted: Any) -> Order:
    """Raises OrderError, which names each value that is wrong."""
    try:
        checked = ORDER(wanted)
    except vol.MultipleInvalid as invalid:
        faults = "; ".join(_describe(error) for error in invalid.errors)
        raise OrderError(faults[:LONGEST_MESSAGE]) from invalid
    return Order(
        count=checked["count"],
        persona=Persona(**checked["persona"]),
        avoid=tuple(checked["avoid"]),
        seed=checked.get("seed", secrets.randbits(32)),
    )


def _describe(error: vol.Invalid) -> str:
    where = ".".join(str(step) for step in error.path) or "body"
    return f"{where}: {error.msg}"
