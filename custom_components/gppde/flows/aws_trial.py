"""Tries an account at AWS before it is kept. Nothing is launched."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from homeassistant.const import CONF_REGION
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util

from ..aws.aws_time import aws_time
from ..aws.check import QUOTAS, Check, CheckKey
from ..aws.clients import Clients
from ..aws.cloud import Cloud
from ..aws.errors import AwsError, CapacityError, QuotaError, SpotQuotaError, UnansweredError
from ..aws.instance import Launch
from ..aws.preflight import Preflight
from ..aws.wanted import Wanted
from ..causes import told
from ..ec2.settings import (
    CONF_BUDGET,
    CONF_CEILING,
    CONF_IMAGE,
    CONF_SPOT_FIRST,
    CONF_TYPES,
    DEFAULTS,
    PORT,
    VOLUME_GIB,
    cloud_config,
)
from .aws_account import Account
from .aws_refusal import explain

PATIENCE = 60
"""Seconds for all answers together: a person is waiting."""
HOME = "set-up"
"""Whose the security group is that is made for a rehearsal, and taken away again."""
NOBODY = "192.0.2.1"
"""An address that is nobody's (RFC 5737), so that the group lets nobody in."""
PASSING = (CapacityError, SpotQuotaError, QuotaError)
"""What tells in a rehearsal that a launch is allowed, only not possible now."""

type Options = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class AwsTrial:
    """What came of it: `errors` by field, empty where all is well. `placeholders` are for the
    texts of these, and of a confirmation; `account` among them is the account's id.

    A person may go on in spite of errors that a `waits_for_aws` explains: a quota comes later.
    """

    errors: Mapping[str, str] = field(default_factory=dict)
    placeholders: Mapping[str, str] = field(default_factory=dict)
    waits_for_aws: bool = False


async def identify(hass: HomeAssistant, account: Account) -> AwsTrial:
    """Ask AWS whose the keys are."""
    try:
        async with asyncio.timeout(PATIENCE):
            owner = await hass.async_add_executor_job(Cloud(cloud_config(account)).identity)
    except (AwsError, TimeoutError) as error:
        return await _refused(hass, error, account)
    return AwsTrial(placeholders={"account": owner})


async def try_account(hass: HomeAssistant, account: Account, options: Options) -> AwsTrial:
    """Look at all that a launch needs, without making anything."""
    listener = _Listener(hass)
    try:
        async with asyncio.timeout(PATIENCE):
            checks = await _preflight(account, options, listener).look()
    except TimeoutError as error:
        return await _refused(hass, error, account)
    if listener.error:
        return await _refused(hass, listener.error, account)
    return _judged({check.key: check for check in checks}, {**DEFAULTS, **options})


async def rehearse(hass: HomeAssistant, account: Account, options: Options) -> AwsTrial:
    """Let AWS say whether it would launch; for that a security group is made and removed."""
    launching = partial(_rehearse, Cloud(cloud_config(account)), _wanted(account, options))
    try:
        async with asyncio.timeout(PATIENCE):
            await hass.async_add_executor_job(launching)
    except (AwsError, TimeoutError) as error:
        return await _refused(hass, error, account)
    return AwsTrial()


@dataclass(slots=True)
class _Listener:
    """Does blocking work, and remembers the first refusal: a check keeps only its words."""

    hass: HomeAssistant
    error: AwsError | None = None

    async def __call__[T](self, job: Callable[[], T], /) -> T:
        try:
            return await self.hass.async_add_executor_job(job)
        except AwsError as error:
            self.error = self.error or error
            raise


def _preflight(account: Account, options: Options, run: _Listener) -> Preflight:
    """Without an address to let in it makes no security group, and rehearses no launch."""
    config = cloud_config(account)
    cloud = Cloud(config)
    return Preflight(
        cloud=cloud,
        firewall=cloud.firewall(HOME),
        wanted=_wanted(account, options),
        run=run,
        clock=dt_util.utcnow,
        aws_time=partial(aws_time, Clients(config)),
    )


def _wanted(account: Account, options: Options) -> Wanted:
    chosen = {**DEFAULTS, **options}
    return Wanted(
        region=account[CONF_REGION],
        home=HOME,
        types=chosen[CONF_TYPES],
        spot_first=chosen[CONF_SPOT_FIRST],
        image=chosen[CONF_IMAGE],
        volume_gib=VOLUME_GIB,
        port=PORT,
        ceiling=chosen[CONF_CEILING],
        budget=chosen[CONF_BUDGET],
        spent=0.0,
        address=None,
    )


def _judged(checks: Mapping[CheckKey, Check], chosen: Options) -> AwsTrial:
    """What costs more than is allowed is no reason not to set up: it can be changed any time."""
    if not checks[CheckKey.CLOCK].passed:
        return _failed("base", "clock_wrong", checks[CheckKey.CLOCK])
    if not checks[CheckKey.PLACEMENTS].passed:
        return _failed(CONF_REGION, "region_without_types", checks[CheckKey.PLACEMENTS])
    shown = _shown(checks, chosen)
    quotas = [checks[key] for key in QUOTAS if key in checks]
    if any(quota.passed for quota in quotas):
        return AwsTrial(placeholders=shown)
    errors = {"base": "quota_too_small"}
    return AwsTrial(errors=errors, placeholders=shown | _largest(quotas), waits_for_aws=True)


def _failed(place: str, key: str, check: Check) -> AwsTrial:
    return AwsTrial(errors={place: key}, placeholders=check.placeholders)


def _shown(checks: Mapping[CheckKey, Check], chosen: Options) -> dict[str, str]:
    price = checks[CheckKey.PRICE].placeholders
    return {
        "account": checks[CheckKey.IDENTITY].placeholders["account"],
        "type": price["type"],
        "price": price["price"],
        "most": checks[CheckKey.BUDGET].placeholders["needed"],
        "budget": f"{chosen[CONF_BUDGET]:.2f}",
    }


def _largest(quotas: Sequence[Check]) -> dict[str, str]:
    largest = max(quotas, key=lambda quota: float(quota.placeholders["vcpus"]))
    return {key: largest.placeholders[key] for key in ("vcpus", "needed", "region")}


def _rehearse(cloud: Cloud, wanted: Wanted) -> None:
    firewall = cloud.firewall(wanted.home)
    try:
        group = firewall.ensure(NOBODY, wanted.port)
        for place in cloud.placements(wanted.types)[:1]:
            for launch in wanted.launches(place, group, dt_util.utcnow()):
                _rehearse_one(cloud, launch)
    finally:
        firewall.delete()


def _rehearse_one(cloud: Cloud, launch: Launch) -> None:
    with suppress(*PASSING):
        cloud.rehearse(launch)


async def _refused(
    hass: HomeAssistant, error: AwsError | TimeoutError, account: Account
) -> AwsTrial:
    if isinstance(error, TimeoutError):
        error = UnansweredError("It takes too long.")
    place, key, placeholders = explain(error, await told(hass, error), account)
    return AwsTrial(errors={place: key}, placeholders=placeholders)
