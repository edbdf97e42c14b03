"""Makes an image (AMI) with the server and its models, of an instance that does not stay."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic, sleep
from typing import Any, TypeVar

from .account import TAG, Account, BakeError, Image, PassingError
from .builder import Recipe, user_data

log = logging.getLogger(__name__)

POLL = 15.0  # seconds
MINUTES = 60.0  # after which the builder powers itself off
SPARE_MINUTES = 10.0
CONSOLE_MINUTES = 10.0
IMAGE_MINUTES = 90.0
END_MINUTES = 10.0
SNAPSHOT_PRICE = 0.05  # dollars per GB and month, in us-east-1, November 2026
TOLD_LINES = 15

Found = TypeVar("Found")


@dataclass(frozen=True, kw_only=True)
class Plan:
    """`volume` is in GiB, at least; `base` is an image's id, or what names one."""

    name: str
    base: str
    type: str
    volume: int
    recipe: Recipe

    def __str__(self) -> str:
        models = [model for model in (self.recipe.model, self.recipe.voice_model) if model]
        parts = ", ".join([self.recipe.package, *models])
        return f"{self.name} with {parts}, made on a {self.type} from {self.base}"


def bake(account: Account, plan: Plan) -> Image:
    """The finished image. Blocks for half an hour or so; whatever happens, no builder stays.

    Raises BakeError. What an earlier run left behind, because it was killed, is cleaned up first.
    """
    clean(account)
    request = launch_request(account, plan)
    try:
        return _baked(account, plan, request)
    except BaseException:
        _discard_unfinished(account)
        raise
    finally:
        _end(account, plan.recipe.id, looks=2)


def _baked(account: Account, plan: Plan, request: dict[str, Any]) -> Image:
    builder = account.launch(request)
    log.info("The builder %s is launched; this takes half an hour or so.", builder)
    _await_stop(account, plan, builder)
    _check_console(account, plan, builder)
    log.info("Everything is installed; AWS makes the image.")
    image = _await_image(account, account.make_image(builder, plan.name, plan.recipe.id))
    account.approve(image.id)
    log.info("The image %s is complete.", image.id)
    return image


def launch_request(account: Account, plan: Plan) -> dict[str, Any]:
    """One instance that stops when it powers off; it needs nobody to reach it, and no rights."""
    base = account.image(plan.base)
    if base is None:
        raise BakeError(f"There is no image {plan.base} in {account.region}. Choose another one.")
    tags = [{"Key": "Name", "Value": "quipgen bake"}, {"Key": TAG, "Value": plan.recipe.id}]
    volume = {
        "VolumeType": "gp3",
        "VolumeSize": max(plan.volume, base.gib),
        "Encrypted": True,
        "DeleteOnTermination": True,
    }
    return {
        "MinCount": 1,
        "MaxCount": 1,
        "ClientToken": plan.recipe.id,
        "ImageId": base.id,
        "InstanceType": plan.type,
        "UserData": user_data(plan.recipe, MINUTES),
        "InstanceInitiatedShutdownBehavior": "stop",
        "MetadataOptions": {"HttpTokens": "required", "HttpPutResponseHopLimit": 1},
        "BlockDeviceMappings": [{"DeviceName": base.root_device, "Ebs": volume}],
        "TagSpecifications": [
            {"ResourceType": kind, "Tags": tags} for kind in ("instance", "volume")
        ],
    }


def clean(account: Account) -> None:
    """Ends what is left of runs that were killed: builders, and images that nobody approved."""
    _end(account, "*")
    _discard_unfinished(account)


def monthly_price(image: Image) -> float:
    """Dollars at most: AWS bills what is written, not the size."""
    return image.gib * SNAPSHOT_PRICE


def _await_stop(account: Account, plan: Plan, builder: str) -> None:
    seen = False

    def stopped() -> bool | None:
        nonlocal seen
        state = account.instances(plan.recipe.id).get(builder)
        if seen and state is None:
            raise BakeError("Somebody terminated the builder. Start again.")
        seen = seen or state is not None  # for some seconds AWS does not know a new one
        return state == "stopped" or None

    _wait(stopped, MINUTES + SPARE_MINUTES, "The builder")


def _check_console(account: Account, plan: Plan, builder: str) -> None:
    """AWS shows what was said some minutes later. Without a word it was the deadline."""
    told = ""

    def verdict() -> bool | None:
        nonlocal told
        told = account.console(builder)
        if plan.recipe.failed in told:
            raise BakeError(f"Something could not be installed:\n{_last(told)}")
        return plan.recipe.done in told or None

    try:
        _wait(verdict, CONSOLE_MINUTES, "What the builder has to say")
    except _LateError as error:
        raise BakeError(
            f"The builder powered off, maybe at its deadline, before it was done:\n{_last(told)}"
        ) from error


def _await_image(account: Account, image: str) -> Image:
    def finished() -> Image | None:
        found = account.image(image)
        if found and found.state not in {"available", "pending"}:
            raise BakeError(f"AWS could not make the image: it is {found.state}. Start again.")
        return found if found and found.state == "available" else None

    return _wait(finished, IMAGE_MINUTES, "The image")


def _end(account: Account, bake: str, looks: int = 1) -> None:
    """Terminates the builders of a bake, or of all, until so many looks in a row find none.

    One look is not enough for a builder so new that AWS does not list it yet.
    """
    found_none = 0

    def gone() -> bool | None:
        nonlocal found_none
        builders = account.instances(bake)
        for builder in builders:
            log.info("Terminating the builder %s", builder)
            account.terminate(builder)
        found_none = 0 if builders else found_none + 1
        return found_none == looks or None

    try:
        _wait(gone, END_MINUTES, "The end of the builder")
    except BakeError as error:
        raise BakeError(
            f"A builder may still be there, and cost money: {error} Run this again, or terminate "
            f"the instances in {account.region} that bear the tag {TAG}."
        ) from error


def _discard_unfinished(account: Account) -> None:
    for image in account.unfinished():
        log.info("Discarding the unfinished image %s", image.id)
        account.discard(image)


class _LateError(BakeError):
    pass


def _wait(look: Callable[[], Found | None], minutes: float, what: str) -> Found:
    """Looks until there is something, over errors that pass."""
    end = monotonic() + minutes * 60
    error: BakeError | None = None
    while monotonic() < end:
        try:
            if (found := look()) is not None:
                return found
        except PassingError as passing:
            error = passing
        sleep(POLL)
    raise _LateError(f"{what} took more than {minutes:g} minutes. {error or ''}".strip())


def _last(told: str) -> str:
    return "\n".join(told.splitlines()[-TOLD_LINES:]) or "(nothing)"
