"""Groups of players are resolved."""

from homeassistant.core import HomeAssistant

from custom_components.gppde.speaking.players import members


def group(hass: HomeAssistant, entity_id: str, *grouped: str) -> None:
    hass.states.async_set(entity_id, "on", {"entity_id": list(grouped)})


async def test_a_player_stands_for_itself_even_if_it_is_missing(hass: HomeAssistant) -> None:
    assert members(hass, "media_player.hall") == ["media_player.hall"]


async def test_a_group_stands_for_its_players_and_no_lights(hass: HomeAssistant) -> None:
    group(hass, "group.house", "media_player.hall", "light.hall", "assist_satellite.kitchen")
    assert members(hass, "group.house") == ["media_player.hall", "assist_satellite.kitchen"]


async def test_a_media_player_group_is_resolved_too(hass: HomeAssistant) -> None:
    group(hass, "media_player.downstairs", "media_player.hall", "media_player.kitchen")
    assert members(hass, "media_player.downstairs") == ["media_player.hall", "media_player.kitchen"]


async def test_a_player_in_two_groups_is_named_once(hass: HomeAssistant) -> None:
    group(hass, "media_player.one", "media_player.hall", "media_player.den")
    group(hass, "media_player.two", "media_player.den", "media_player.hall")
    group(hass, "group.all", "media_player.one", "media_player.two")
    assert members(hass, "group.all") == ["media_player.hall", "media_player.den"]


async def test_groups_that_hold_each_other_end(hass: HomeAssistant) -> None:
    group(hass, "group.hen", "group.egg", "media_player.hall")
    group(hass, "group.egg", "group.hen", "group.egg")
    assert members(hass, "group.hen") == ["media_player.hall"]


async def test_an_empty_or_missing_group_has_no_players(hass: HomeAssistant) -> None:
    group(hass, "media_player.nobody")
    assert members(hass, "media_player.nobody") == []
    assert members(hass, "group.missing") == []
