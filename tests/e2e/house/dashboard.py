"""The dashboard of the demo: the door, its persona, and what they said."""

from typing import Final

from .client import Client, Json
from .gppde import PLAYER, SENSOR, TOGGLE, Gppde

PATH: Final = "front-door"
LAST_QUIP = """\
{{% set quip = states('{last_quip}') %}}
{{% if quip in ['unknown', 'unavailable'] %}}
*The door has not said anything yet. Open it!*
{{% else %}}
## “{{{{ quip }}}}”
{{% endif %}}
"""


async def save(client: Client, gppde: Gppde) -> None:
    """Create the dashboard, and make it the first thing the owner sees."""
    await client.command(
        "lovelace/dashboards/create",
        url_path=PATH,
        title="Front door",
        icon="mdi:door-open",
        mode="storage",
        show_in_sidebar=True,
        require_admin=False,
    )
    await client.command("lovelace/config/save", url_path=PATH, config=_dashboard(gppde.entities))
    await client.command("frontend/set_system_data", key="core", value={"default_panel": PATH})


def _dashboard(entities: dict[str, str]) -> Json:
    sections = [_door(entities), _persona(entities), _player(entities)]
    view = {
        "type": "sections",
        "title": "Front door",
        "path": "door",
        "max_columns": 3,
        "sections": sections,
    }
    return {"title": "Front door", "views": [view]}


def _section(title: str, icon: str, *cards: Json) -> Json:
    heading = {"type": "heading", "heading": title, "icon": icon}
    return {"type": "grid", "cards": [heading, *cards]}


def _tile(entity: str, name: str, **options: object) -> Json:
    return {
        "type": "tile",
        "entity": entity,
        "name": name,
        "grid_options": {"columns": 12},
        **options,
    }


def _door(entities: dict[str, str]) -> Json:
    return _section(
        "The door",
        "mdi:door",
        _tile(SENSOR, "Front door", color="amber", vertical=True, grid_options={"columns": 6}),
        _tile(
            TOGGLE,
            "Open or close it",
            color="amber",
            vertical=True,
            grid_options={"columns": 6},
            tap_action={"action": "toggle"},
        ),
        {"type": "markdown", "content": LAST_QUIP.format(last_quip=entities["sensor.last_quip"])},
        _tile(
            entities["switch.talkative"],
            "Talkative",
            color="teal",
            features=[{"type": "toggle"}],
            features_position="inline",
        ),
        _tile(
            entities["button.say_something"],
            "Say something",
            color="teal",
            features=[{"type": "button", "action_name": "Speak"}],
            features_position="inline",
        ),
    )


def _persona(entities: dict[str, str]) -> Json:
    return _section(
        "Its quips",
        "mdi:comment-quote",
        {
            "type": "gauge",
            "entity": entities["sensor.quip_stock"],
            "name": "Fresh quips in stock",
            "min": 0,
            "max": 12,
            "needle": True,
            "segments": [
                {"from": 0, "color": "var(--amber-color)"},
                {"from": 6, "color": "var(--teal-color)"},
            ],
        },
        _tile(
            entities["sensor.refill"],
            "Refill",
            color="indigo",
        ),
        _tile(
            entities["button.refill"],
            "Refill quips",
            color="indigo",
            features=[{"type": "button", "action_name": "Refill"}],
            features_position="inline",
        ),
        _tile(
            entities["sensor.refill_progress"],
            "Refill progress",
            color="indigo",
            features=[{"type": "bar-gauge", "min": 0, "max": 100}],
        ),
        {
            "type": "history-graph",
            "title": "Stock over the last hour",
            "hours_to_show": 1,
            "entities": [{"entity": entities["sensor.quip_stock"], "name": "Quips"}],
        },
    )


def _player(entities: dict[str, str]) -> Json:
    return _section(
        "Heard in the hall",
        "mdi:speaker",
        {"type": "media-control", "entity": PLAYER},
        {
            "type": "logbook",
            "target": {"entity_id": [SENSOR, entities["sensor.last_quip"]]},
            "hours_to_show": 1,
            "grid_options": {"columns": 12, "rows": 8},
        },
    )
