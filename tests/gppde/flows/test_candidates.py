"""What the form of a new door suggests, in houses of all sorts."""

from typing import Any

import pytest
from homeassistant.core import HomeAssistant
from homeassistant.helpers import area_registry as ar
from homeassistant.helpers import entity_registry as er
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.gppde.const import DOMAIN
from tests.gppde.helpers import DOOR, SENSOR, make_entry

from .forms import Result, prefilled, read, start_subentry, submit

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


def offered(form: Result) -> list[str]:
    """Return the ways to choose a sensor, the one first that opens with the form."""
    return list(form["data_schema"].schema["sensor"].config["choices"])


@pytest.mark.parametrize(
    ("kinds", "best"),
    [
        pytest.param(("motion", "window", "door", "garage_door"), 2, id="a door"),
        pytest.param(("lock", "opening", "garage_door"), 2, id="a garage door"),
        pytest.param(("battery", "lock", "window"), 2, id="a window if need be"),
        pytest.param(("door", "door"), 0, id="by name"),
    ],
)
async def test_the_sensor_that_looks_most_like_a_door_is_chosen(
    hass: HomeAssistant, kinds: tuple[str, ...], best: int
) -> None:
    for number, kind in enumerate(kinds):
        put(hass, f"binary_sensor.it_{number}", device_class=kind)
    form = await show(hass)
    assert prefilled(form)["sensor"] == f"binary_sensor.it_{best}"
    assert offered(form) == ["door_like", "any"]


async def test_what_is_hidden_or_has_a_door_is_not_chosen(hass: HomeAssistant) -> None:
    register(hass, "binary_sensor.hidden", hidden_by=er.RegistryEntryHider.USER)
    put(hass, "binary_sensor.hidden", device_class="door")
    put(hass, SENSOR, device_class="door")
    assert "sensor" not in prefilled(await show(hass, make_entry(hass)))


async def test_a_door_with_another_sensor_is_changed_among_all_of_them(
    hass: HomeAssistant,
) -> None:
    put(hass, SENSOR, device_class="motion")
    entry = make_entry(hass)
    form = read(await entry.start_subentry_reconfigure_flow(hass, DOOR))
    assert offered(form) == ["any", "door_like"]
    assert prefilled(form)["sensor"] == SENSOR


async def test_who_forgets_to_choose_a_sensor_is_told(hass: HomeAssistant) -> None:
    form = await show(hass)
    nothing = {"active_choice": "any", "any": ""}
    chosen = {"sensor": nothing, "players": [put_player(hass, "a")], "hear": False}
    form = await submit(hass, form, prefilled(form) | chosen)
    assert form["errors"] == {"sensor": "no_sensor"}


async def test_a_sensor_is_taken_however_it_was_chosen(hass: HomeAssistant) -> None:
    put(hass, SENSOR, device_class="motion", friendly_name="Hall")
    form = await show(hass)
    by_hand = {"active_choice": "any", "any": SENSOR, "door_like": ""}
    chosen = {"sensor": by_hand, "players": [put_player(hass, "a")], "hear": False}
    result = await submit(hass, form, prefilled(form) | chosen)
    assert (result["title"], result["data"]["sensor"]) == ("Hall", SENSOR)


async def test_what_does_not_look_like_a_door_is_left_to_a_person(hass: HomeAssistant) -> None:
    put(hass, "binary_sensor.hall", device_class="motion")
    form = await show(hass)
    assert "sensor" not in prefilled(form)
    assert offered(form) == ["any", "door_like"]


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
    assert await async_setup_component(hass, DOMAIN, {})
    form = await show(hass)
    told = {"announcers": "These let music go on afterwards: Hall, Sonos."}
    assert form["description_placeholders"] == told


async def test_where_nobody_announces_nothing_is_said_of_it(hass: HomeAssistant) -> None:
    put_player(hass, "plain")
    assert (await show(hass))["description_placeholders"] == {"announcers": ""}
