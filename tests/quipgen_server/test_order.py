import contextlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quipgen_server.errors import OrderError
from quipgen_server.order import LARGEST_SEED, Order, check_order, parse_order
from quipgen_server.persona import Persona, Tone

from .client import PERSONA, an_order

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)


def test_an_order_is_read() -> None:
    order = parse_order(json.dumps(an_order(avoid=["Hello."])).encode())
    persona = Persona("Eddie", "A ship's door.", Tone.SUNNY, "en-us")
    assert order == Order(count=3, persona=persona, avoid=("Hello.",), seed=7)


def test_what_may_be_left_out_has_a_default() -> None:
    order = check_order({"count": 1, "persona": {"name": " Door ", "tone": "neutral"}})
    assert order.persona == Persona("Door")
    assert order.avoid == ()
    assert 0 <= order.seed <= LARGEST_SEED


def test_two_orders_without_a_seed_differ() -> None:
    wanted = {"count": 1, "persona": PERSONA}
    assert check_order(wanted).seed != check_order(wanted).seed


@pytest.mark.parametrize("count", [1, 200])
@pytest.mark.parametrize("seed", [0, LARGEST_SEED])
def test_limits_belong_to_the_range(count: int, seed: int) -> None:
    order = check_order(an_order(count, seed=seed, avoid=["x" * 500] * 5000))
    assert (order.count, order.seed, len(order.avoid)) == (count, seed, 5000)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"count": 0}, "count: must be 1 to 200"),
        ({"count": 201}, "count: must be 1 to 200"),
        ({"count": True}, "count: must be a whole number"),
        ({"count": 2.0}, "count: must be a whole number"),
        ({"count": "2"}, "count: must be a whole number"),
        ({"seed": -1}, "seed: must be 0 to"),
        ({"seed": LARGEST_SEED + 1}, "seed: must be 0 to"),
        ({"seed": None}, "seed: must be a whole number"),
        ({"avoid": "Hello."}, "avoid: expected a list"),
        ({"avoid": ["Hello.", 3]}, "avoid.1: must be a text"),
        ({"avoid": ["x" * 501]}, "avoid.0: must have 0 to 500 characters"),
        ({"avoid": ["\ud800"]}, "avoid.0: must be valid Unicode"),
        ({"avoid": [""] * 5001}, "avoid: must have at most 5000 texts"),
        ({"persona": None}, "persona: expected a dictionary"),
        ({"persona": {"tone": "sunny"}}, "persona.name: required key not provided"),
        ({"persona": PERSONA | {"name": " "}}, "persona.name: must have 1 to 100 characters"),
        ({"persona": PERSONA | {"name": "x" * 101}}, "persona.name: must have 1 to 100"),
        ({"persona": PERSONA | {"name": "a\nb"}}, "persona.name: must be a single line"),
        ({"persona": PERSONA | {"description": "x" * 1001}}, "must have 0 to 1000"),
        ({"persona": PERSONA | {"tone": "angry"}}, "persona.tone: must be one of neutral"),
        ({"persona": PERSONA | {"tone": []}}, "persona.tone: must be one of neutral"),
        ({"persona": PERSONA | {"voice": "../../etc/passwd"}}, "persona.voice: may have letters"),
        ({"persona": PERSONA | {"voice": "-w/tmp/x"}}, "persona.voice: may have letters"),
        ({"persona": PERSONA | {"voice": 1}}, "persona.voice: must be a text"),
        ({"persona": PERSONA | {"mood": "x"}}, "persona.mood: extra keys not allowed"),
        ({"size": 1}, "size: extra keys not allowed"),
    ],
)
def test_a_wrong_value_is_named(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(OrderError) as refused:
        check_order(an_order(**changes))
    assert message in str(refused.value)


def test_every_wrong_value_is_named() -> None:
    with pytest.raises(OrderError) as refused:
        check_order({"seed": -1})
    for key in ("count", "persona", "seed"):
        assert f"{key}:" in str(refused.value)


def test_a_message_stays_short_whatever_was_sent() -> None:
    with pytest.raises(OrderError) as refused:
        check_order(an_order() | {"x" * 10_000: 1})
    assert len(str(refused.value)) <= 500


@given(JSON)
def test_any_json_is_an_order_or_refused(wanted: Any) -> None:
    with pytest.raises(OrderError):
        parse_order(json.dumps(wanted).encode())


@given(st.binary())
def test_any_bytes_are_refused(body: bytes) -> None:
    with pytest.raises(OrderError):
        parse_order(body)


@given(st.sampled_from(["count", "seed", "avoid", "persona"]), JSON)
def test_any_value_is_refused_or_within_its_limits(key: str, value: Any) -> None:
    with contextlib.suppress(OrderError):
        order = check_order(an_order() | {key: value})
        assert 1 <= order.count <= 200
        assert 0 <= order.seed <= LARGEST_SEED
        assert all(isinstance(text, str) for text in order.avoid)
