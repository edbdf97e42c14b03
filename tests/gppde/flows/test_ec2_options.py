"""A person chooses how instances are launched, and what they may cost."""

from typing import Any

import pytest
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType

from custom_components.gppde.ec2.settings import DEFAULTS, Ec2Settings

from ..ec2_entries import make_ec2_entry
from .forms import Result, prefilled, start_options, submit

OWN_IMAGE = "ami-0123456789abcdef0"
CHOSEN: dict[str, Any] = {
    "types": ["g4dn.xlarge", "g5.2xlarge"],
    "spot_first": False,
    "ceiling": 0.75,
    "budget": 2.5,
    "image": OWN_IMAGE,
    "package": "quipgen-server==0.1.0",
    "model": "distilgpt2",
    "voice_engine": "pocket-tts",
    "home_address": "203.0.113.5",
}
NO_STAND_IN = {"stands_in": False}
TEXTS = ("package", "model", "home_address")


async def chosen(hass: HomeAssistant, **changes: Any) -> Result:
    """Change some options of an entry, and leave the others as they are."""
    entry = make_ec2_entry(hass, options=CHOSEN)
    form = await start_options(hass, entry)
    return await submit(hass, form, prefilled(form) | changes)


async def test_the_defaults_are_there_before_anything_is_chosen(hass: HomeAssistant) -> None:
    form = await start_options(hass, make_ec2_entry(hass))
    assert dict.fromkeys(TEXTS, "") | prefilled(form) == DEFAULTS | NO_STAND_IN


async def test_what_is_chosen_is_what_refills_are_launched_with(hass: HomeAssistant) -> None:
    entry = make_ec2_entry(hass)
    result = await submit(hass, await start_options(hass, entry), CHOSEN)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    settings = Ec2Settings.from_entry(entry)
    assert entry.options == CHOSEN
    assert settings.types == ["g4dn.xlarge", "g5.2xlarge"], "in the order chosen"
    assert (settings.ceiling, settings.budget) == (0.75, 2.5)
    assert settings.package == "quipgen-server==0.1.0"


async def test_what_was_chosen_is_shown_again_and_can_be_emptied(hass: HomeAssistant) -> None:
    entry = make_ec2_entry(hass, options=CHOSEN)
    form = await start_options(hass, entry)
    assert prefilled(form) == CHOSEN | NO_STAND_IN
    kept = {key: it for key, it in CHOSEN.items() if key not in TEXTS}
    await submit(hass, form, kept)
    settings = Ec2Settings.from_entry(entry)
    assert (settings.package, settings.model, settings.home_address) == (None, None, None)


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"types": []}, {"types": "no_type"}),
        ({"types": [" "]}, {"types": "no_type"}),
        ({"types": ["g6.xlarge", "large"]}, {"types": "invalid_type"}),
        ({"types": ["G6.XLARGE"]}, {"types": "invalid_type"}),
        ({"types": ["g4dn.xlarge"], "ceiling": 0.5}, {"ceiling": "ceiling_too_low"}),
        ({"types": ["g6.xlarge", "g5.xlarge"], "ceiling": 0.8}, {"ceiling": "ceiling_too_low"}),
        ({"ceiling": 0}, {"ceiling": "ceiling_too_low"}),
        ({"types": ["g4dn.xlarge"], "budget": 0.17}, {"budget": "budget_too_small"}),
        ({"types": ["p9.huge"], "budget": 0.24}, {"budget": "budget_too_small"}),
        ({"image": "ubuntu"}, {"image": "invalid_image"}),
        ({"image": "ami-xyz"}, {"image": "invalid_image"}),
        ({"image": "resolve:ssm:"}, {"image": "invalid_image"}),
        ({"image": "resolve:ssm:/a b"}, {"image": "invalid_image"}),
        ({"image": DEFAULTS["image"], "package": ""}, {"package": "image_without_server"}),
        ({"package": "--index-url=x"}, {"package": "invalid_package"}),
        ({"package": "quipgen\nother"}, {"package": "invalid_package"}),
        ({"package": "http://host/quipgen.whl"}, {"package": "invalid_package"}),
        ({"package": "q" * 501}, {"package": "invalid_package"}),
        ({"model": "a\nmodel"}, {"model": "invalid_model"}),
        ({"home_address": "my.home.example"}, {"home_address": "invalid_address"}),
        ({"home_address": "2001:db8::1"}, {"home_address": "invalid_address"}),
        ({"image": "x", "types": ["y"]}, {"image": "invalid_image", "types": "invalid_type"}),
    ],
)
async def test_what_cannot_work_is_told_at_its_field(
    hass: HomeAssistant, changes: dict[str, Any], errors: dict[str, str]
) -> None:
    form = await chosen(hass, **changes)
    assert form["errors"] == errors
    result = await submit(hass, form, CHOSEN)
    assert result["type"] is FlowResultType.CREATE_ENTRY


@pytest.mark.parametrize(
    "changes",
    [
        {"types": ["g6.xlarge", "g4dn.xlarge"], "ceiling": 0.6},
        {"types": ["g4dn.xlarge"], "spot_first": True, "ceiling": 0.25},
        {"types": ["g4dn.xlarge"], "budget": 0.18},
        {"types": ["p9.huge"], "ceiling": 0.01},
        {"image": "ami-01234567"},
        {"image": "resolve:ssm:/gppde/image:3", "package": ""},
        {"package": "quipgen-server[cuda]>=0.1,<1"},
        {"package": "quipgen-server @ https://example.com/quipgen_server-0.1.0-py3-none-any.whl"},
        {"package": "git+https://example.com/gppde.git@v0.1.0"},
        {"package": "https://example.com/quipgen_server-0.1.0-py3-none-any.whl"},
        {"package": "/opt/wheels/quipgen_server-0.1.0-py3-none-any.whl"},
        {"image": DEFAULTS["image"]},
    ],
)
async def test_what_can_work_is_taken(hass: HomeAssistant, changes: dict[str, Any]) -> None:
    assert (await chosen(hass, **changes))["type"] is FlowResultType.CREATE_ENTRY


async def test_types_are_taken_once_and_without_blanks(hass: HomeAssistant) -> None:
    result = await chosen(hass, types=[" g4dn.xlarge", "g5.xlarge", "g4dn.xlarge"])
    assert result["data"]["types"] == ["g4dn.xlarge", "g5.xlarge"]


async def test_what_is_too_dear_is_told_in_dollars(hass: HomeAssistant) -> None:
    form = await chosen(hass, types=["g6.xlarge", "g4dn.xlarge"], ceiling=0.1)
    assert form["description_placeholders"] == {
        "type": "g4dn.xlarge",
        "price": "0.526",
        "needed": "0.18",
    }
