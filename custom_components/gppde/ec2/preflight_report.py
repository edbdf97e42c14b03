"""What a preflight found, in the words of Home Assistant's language."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.helpers.aiohttp_client import async_get_clientsession

from ..aws.aws_time import aws_time
from ..aws.check import Check, may_launch
from ..aws.clients import Clients
from ..aws.preflight import Preflight
from ..aws.wanted import Wanted
from ..causes import told
from ..errors import SourceError
from ..option_texts import option_texts
from .home_address import home_address
from .instances import assemble_fleet
from .settings import PORT, VOLUME_GIB, Ec2Settings

SENTENCES = "preflight"
TITLES = "preflight_check"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One check: its key, its title, whether it passed, and what that means or what to do."""

    check: str
    title: str
    passed: bool
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All that was looked at, in its order; whether a refill can succeed."""

    may_launch: bool
    findings: Sequence[Finding]

    @property
    def markdown(self) -> str:
        """A list for a person to read."""
        return "\n".join(
            f"- {'✅' if each.passed else '❌'} **{each.title}:** {each.sentence}"
            for each in self.findings
        )


async def preflight_report(hass: HomeAssistant, entry: ConfigEntry[Any]) -> Report:
    """Look whether an entry's refills can be launched.

    Spends nothing; what it makes is the home's security group, which is free.
    """
    settings = Ec2Settings.from_entry(entry)
    checks = await (await _preflight(hass, entry, settings)).look()
    sentences, titles = await option_texts(hass, SENTENCES), await option_texts(hass, TITLES)
    region = settings.cloud.region
    return Report(
        may_launch=may_launch(checks),
        findings=[await _finding(hass, check, sentences, titles, region) for check in checks],
    )


async def _preflight(
    hass: HomeAssistant, entry: ConfigEntry[Any], settings: Ec2Settings
) -> Preflight:
    fleet = assemble_fleet(hass, entry, settings)
    wanted = Wanted(
        region=settings.cloud.region,
        home=fleet.home,
        types=settings.types,
        spot_first=settings.spot_first,
        image=settings.image,
        volume_gib=VOLUME_GIB,
        port=PORT,
        ceiling=settings.ceiling,
        budget=settings.budget,
        spent=fleet.spent,
        address=settings.home_address or await _address(hass),
    )
    return Preflight(
        cloud=fleet.cloud,
        firewall=fleet.firewall,
        wanted=wanted,
        run=fleet.run,
        clock=fleet.clock,
        aws_time=partial(aws_time, Clients(settings.cloud)),
    )


async def _address(hass: HomeAssistant) -> str | None:
    try:
        return await home_address(async_get_clientsession(hass))
    except SourceError:
        return None


async def _finding(
    hass: HomeAssistant,
    check: Check,
    sentences: dict[str, str],
    titles: dict[str, str],
    region: str,
) -> Finding:
    sentence = sentences[check.sentence]
    refusal = await told(hass, check.refusal) if check.refusal else ""
    return Finding(
        check=check.key,
        title=titles[check.key],
        passed=check.passed,
        sentence=sentence.format_map({"region": region, "error": refusal, **check.placeholders}),
    )
