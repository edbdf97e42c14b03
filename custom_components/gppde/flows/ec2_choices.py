"""Tells which choices about instances cannot work."""

import re
from collections.abc import Mapping
from ipaddress import AddressValueError, IPv4Address
from typing import Any

from packaging.requirements import InvalidRequirement, Requirement

from ..aws.attempt import LIFE
from ..aws.instance import RESOLVE
from ..aws.prices import cost, price
from ..ec2.settings import (
    CONF_BUDGET,
    CONF_CEILING,
    CONF_HOME_ADDRESS,
    CONF_IMAGE,
    CONF_MODEL,
    CONF_PACKAGE,
    CONF_SPOT_FIRST,
    CONF_TYPES,
)

TYPE = re.compile(r"[a-z][a-z0-9-]*\.[a-z0-9-]+")
AMI = r"ami-([0-9a-f]{8}|[0-9a-f]{17})"
PARAMETER = rf"{RESOLVE}[A-Za-z0-9_./-]{{1,1000}}(:[0-9]+)?"
IMAGE = re.compile(rf"{AMI}|{PARAMETER}")
AWS_IMAGE = f"{RESOLVE}/aws/service/"
"""Before the names of images that AWS makes, and that nobody has put our server on."""
WHERE = re.compile(r"(git\+)?https://\S+|/\S+")
"""A package that is told by where it lies."""
LONGEST = 500

type Choices = Mapping[str, Any]


def choice_errors(options: Choices) -> tuple[dict[str, str], dict[str, str]]:
    """Return what is wrong, by field, and what fills the texts of that."""
    errors = _image_errors(options[CONF_IMAGE], options[CONF_PACKAGE])
    if not _is_address(options[CONF_HOME_ADDRESS]):
        errors[CONF_HOME_ADDRESS] = "invalid_address"
    if not options[CONF_MODEL].isprintable() or len(options[CONF_MODEL]) > LONGEST:
        errors[CONF_MODEL] = "invalid_model"
    types = options[CONF_TYPES]
    if not types:
        return errors | {CONF_TYPES: "no_type"}, {}
    if wrong := [type_ for type_ in types if not TYPE.fullmatch(type_)]:
        return errors | {CONF_TYPES: "invalid_type"}, {"type": ", ".join(wrong)}
    money_errors, placeholders = _money_errors(options)
    return errors | money_errors, placeholders


def _image_errors(image: str, package: str) -> dict[str, str]:
    if not IMAGE.fullmatch(image):
        return {CONF_IMAGE: "invalid_image"}
    if not package:
        return {CONF_PACKAGE: "image_without_server"} if image.startswith(AWS_IMAGE) else {}
    return {} if _is_package(package) else {CONF_PACKAGE: "invalid_package"}


def _is_package(package: str) -> bool:
    """Whether it is one line that pip takes for one package, and for no option of its own."""
    if not package.isprintable() or len(package) > LONGEST:
        return False
    if WHERE.fullmatch(package):
        return True
    try:
        Requirement(package)
    except InvalidRequirement:
        return False
    return True


def _is_address(address: str) -> bool:
    try:
        return not address or bool(IPv4Address(address))
    except AddressValueError:
        return False


def _money_errors(options: Choices) -> tuple[dict[str, str], dict[str, str]]:
    """Judge by the cheapest; a type that nobody told the price of costs up to the ceiling."""
    ceiling, is_spot = options[CONF_CEILING], options[CONF_SPOT_FIRST]
    prices = {type_: price(type_, is_spot=is_spot) or ceiling for type_ in options[CONF_TYPES]}
    cheapest = min(prices, key=prices.__getitem__)
    needed = cost(LIFE.total_seconds(), prices[cheapest])
    placeholders = {
        "type": cheapest,
        "price": f"{prices[cheapest]:.3f}",
        "needed": f"{needed:.2f}",
    }
    if not ceiling or prices[cheapest] > ceiling:
        return {CONF_CEILING: "ceiling_too_low"}, placeholders
    if options[CONF_BUDGET] < needed:
        return {CONF_BUDGET: "budget_too_small"}, placeholders
    return {}, placeholders
