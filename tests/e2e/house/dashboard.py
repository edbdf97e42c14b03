"""The dashboard of the demo: what the door said, and the door, its quips and its player."""

from typing import Any, Final

from .client import Client, Json
from .gppde import PLAYER, SENSOR, TOGGLE, Gppde

PATH: Final = "front-door"
LAST_QUIP: Final = """\
{{% set quip = states('{entity}') %}}
{{% if quip in ['unknown', 'unavailable'] %}}
# Open the door
It has something to say.
{{% else %}}
# “{{{{ quip }}}}”
{{{{ device_attr('{entity}', 'name') }}}}, in a {{{{ state_attr('{entity}', 'tone') }}}} mood
{{% endif %}}
"""
HALF: Final = {"columns": 6}
FULL: Final = {"columns": 12}


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
    view = {
        "type": "sections",
        "title": "Front door",
        "path": "door",
        "max_columns": 3,
        "header": {"layout": "center", "card": _last_quip(entities["sensor.last_quip"])},
        "sections": [_door(entities), _quips(entities), _heard(entities)],
    }
    return {"title": "Front door", "views": [view]}


def _last_quip(entity: str) -> Json:
    return {"type": "markdown", "text_only": True, "content": LAST_QUIP.format(entity=entity)}


def _door(entities: dict[str, str]) -> Json:
    return _section(
        "The door",
        "mdi:door",
        _tile(SENSOR, "Front door", "amber", vertical=True, grid_options=HALF),
        _tile(
            TOGGLE,
            "Move it",
            "amber",
            vertical=True,
            grid_options=HALF,
            hide_state=True,
            tap_action={"action": "toggle"},
        ),
        _tile(entities["switch.talkative"], "Talkative", "teal", feature={"type": "toggle"}),
        _button(entities["button.say_something"], "Say something", "Speak"),
        {"type": "media-control", "entity": PLAYER, "grid_options": FULL},
    )


def _quips(entities: dict[str, str]) -> Json:
    refill = entities["sensor.refill"]
    return _section(
        "Its quips",
        "mdi:comment-quote",
        {
            "type": "gauge",
            "entity": entities["sensor.quip_stock"],
            "name": "Waiting to be said",
            "min": 0,
            "max": 12,
            "needle": True,
            "segments": [
                {"from": 0, "color": "var(--amber-color)"},
                {"from": 6, "color": "var(--teal-color)"},
            ],
        },
        _button(entities["button.refill"], "Refill quips", "Refill"),
        _tile(refill, "Refill", "indigo"),
        _tile(
            entities["sensor.refill_progress"],
            "Refill progress",
            "indigo",
            feature={"type": "bar-gauge", "min": 0, "max": 100},
            visibility=[{"condition": "state", "entity": refill, "state": ["starting", "running"]}],
        ),
    )


def _heard(entities: dict[str, str]) -> Json:
    return _section(
        "What happened",
        "mdi:ear-hearing",
        {
            "type": "logbook",
            "target": {"entity_id": [SENSOR, entities["sensor.last_quip"]]},
            "hours_to_show": 1,
            "grid_options": {"columns": 12, "rows": 6},
        },
        {
            "type": "history-graph",
            "hours_to_show": 0.1,
            "entities": [{"entity": entities["sensor.quip_stock"], "name": "Waiting to be said"}],
            "grid_options": {"columns": 12, "rows": 3},
        },
    )


def _section(title: str, icon: str, *cards: Json) -> Json:
    heading = {"type": "heading", "heading": title, "icon": icon}
    return {"type": "grid", "cards": [heading, *cards]}


def _button(entity: str, name: str, label: str) -> Json:
    feature = {"type": "button", "action_name": label}
    return _tile(entity, name, "teal", feature=feature, hide_state=True)


def _tile(entity: str, name: str, color: str, feature: Json | None = None, **options: Any) -> Json:
    features = {"features": [feature], "features_position": "inline"} if feature else {}
    tile = {"type": "tile", "entity": entity, "name": name, "color": color, "grid_options": FULL}
    return tile | features | options
