"""What the form of a new door suggests, in houses of all sorts."""

from typing import Any

import pytest
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers import area_registry as ar
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er
from pytest_homeassistant_custom_component.common import MockConfigEntry

from tests.gppde.helpers import SENSOR, make_entry

from .forms import Result, prefilled, start_subentry

PLAYS, ANNOUNCES = 512, 1 << 20 | 512


def put(hass: HomeAssistant, entity_id: str, state: str = "off", **attributes: Any) -> None:
    hass.states.async_set(entity_id, state, attributes)


def put_player(hass: HomeAssistant, name: str, features: int = PLAYS, **attributes: Any) -> str:
    entity_id = f"media_player.{name}"
    put(hass, entity_id, "idle", supported_features=features, **attributes)
    return entity_id


def register(hass: HomeAssistant, entity_id: str, area: str | None = None, **fields: Any) -> None:
    """Put an entity, which has no state yet, into the registry, and maybe into a room."""
    domain, name = entity_id.split(".")
    registry = er.async_get(hass)
    registry.async_get_or_create(domain, "test", name, suggested_object_id=name, **fields)
    area_id = ar.async_get(hass).async_get_or_create(area).id if area else None
    registry.async_update_entity(entity_id, area_id=area_id)


async def show(hass: HomeAssistant, entry: MockConfigEntry | None = None) -> Result:
    return await start_subentry(hass, entry or make_entry(hass, doors=[]), "door")


def offered(form: Result) -> list[dict[str, str]]:
    [selector] = [it for key, it in form["data_schema"].schema.items() if key == "sensor"]
    options: list[dict[str, str]] = selector.validators[0].config["options"]
    return options


async def test_sensors_that_look_like_doors_come_first(hass: HomeAssistant) -> None:
    kinds = ("motion", "window", None, "garage_door", "battery", "lock", "opening", "door")
    for number, kind in enumerate(kinds):
        put(hass, f"binary_sensor.it_{number}", **({"device_class": kind} if kind else {}))
    put(hass, "light.hall")
    form = await show(hass)
    numbers = [option["value"].removeprefix("binary_sensor.it_") for option in offered(form)]
    assert numbers == ["7", "3", "6", "1", "5", "0", "2", "4"]
    assert prefilled(form)["sensor"] == "binary_sensor.it_7"


async def test_sensors_alike_come_by_name_with_their_rooms_and_technical_ones_last(
    hass: HomeAssistant,
) -> None:
    register(hass, "binary_sensor.a", entity_category=EntityCategory.DIAGNOSTIC)
    register(hass, "binary_sensor.b", area="Cellar")
    register(hass, "binary_sensor.hidden", hidden_by=er.RegistryEntryHider.USER)
    for name in ("b", "C", "a", "hidden", "d"):
        put(hass, f"binary_sensor.{name.lower()}", device_class="door", friendly_name=name)
    labels = [option["label"] for option in offered(await show(hass))]
    assert labels == ["b (Cellar)", "C", "d", "a"]


async def test_a_room_may_be_that_of_the_device(
    hass: HomeAssistant, device_registry: dr.DeviceRegistry
) -> None:
    other = MockConfigEntry(domain="test")
    other.add_to_hass(hass)
    device = device_registry.async_get_or_create(
        config_entry_id=other.entry_id, identifiers={("test", "1")}
    )
    area = ar.async_get(hass).async_get_or_create("Porch").id
    device_registry.async_update_device(device.id, area_id=area)
    register(hass, SENSOR, device_id=device.id, config_entry=other)
    put(hass, SENSOR, device_class="door", friendly_name="Front door")
    [option] = offered(await show(hass))
    assert option["label"] == "Front door (Porch)"


async def test_a_sensor_that_has_a_door_is_not_offered_again(hass: HomeAssistant) -> None:
    put(hass, SENSOR, device_class="door")
    form = await show(hass, make_entry(hass))
    assert offered(form) == []
    assert "sensor" not in prefilled(form)


async def test_what_does_not_look_like_a_door_is_left_to_a_person(hass: HomeAssistant) -> None:
    put(hass, "binary_sensor.hall", device_class="motion")
    assert "sensor" not in prefilled(await show(hass))


@pytest.mark.parametrize(
    ("players", "best"),
    [
        pytest.param({}, None, id="nobody"),
        pytest.param({"a": {}, "b": {"features": ANNOUNCES}}, "b", id="who announces"),
        pytest.param({"a": {"features": ANNOUNCES, "device_class": "tv"}, "b": {}}, "b", id="tv"),
        pytest.param({"a": {"device_class": "tv"}}, "a", id="a tv if need be"),
        pytest.param({"a": {"features": 4}}, None, id="none that cannot play"),
    ],
)
async def test_the_likeliest_player_is_chosen(
    hass: HomeAssistant, players: dict[str, dict[str, Any]], best: str | None
) -> None:
    for name, attributes in players.items():
        put_player(hass, name, **attributes)
    chosen = prefilled(await show(hass)).get("players")
    assert chosen == (best and [f"media_player.{best}"])


async def test_a_player_in_the_room_of_the_door_is_better_than_any_other(
    hass: HomeAssistant,
) -> None:
    for entity_id in (SENSOR, "media_player.b"):
        register(hass, entity_id, area="Hall")
    put(hass, SENSOR, device_class="door")
    put_player(hass, "a", ANNOUNCES)
    put_player(hass, "b")
    assert prefilled(await show(hass))["players"] == ["media_player.b"]


async def test_players_that_are_away_are_not_suggested(hass: HomeAssistant) -> None:
    put(hass, "media_player.a", "unavailable", supported_features=ANNOUNCES)
    put_player(hass, "b")
    assert prefilled(await show(hass))["players"] == ["media_player.b"]


async def test_who_lets_music_go_on_is_named(hass: HomeAssistant) -> None:
    put_player(hass, "plain")
    put_player(hass, "sonos", ANNOUNCES, friendly_name="Sonos")
    put(hass, "assist_satellite.hall", supported_features=1, friendly_name="Hall")
    put(hass, "assist_satellite.mute", supported_features=0)
    form = await show(hass)
    assert form["description_placeholders"] == {"announcers": "Hall, Sonos"}
