"""No text of the forms is left over; that none is missing is checked wherever a form is shown."""

import ast
from collections.abc import Iterator
from typing import Any

from .forms import PACKAGE, TEXTS

MODULES = [PACKAGE / "config_flow.py", *(PACKAGE / "flows").glob("*.py")]
SAID_BY_CODE = {
    each.value
    for module in MODULES
    for each in ast.walk(ast.parse(module.read_text()))
    if isinstance(each, ast.Constant)
}


def keys() -> Iterator[str]:
    flows: list[dict[str, Any]] = [
        TEXTS["config"],
        TEXTS["options"],
        *TEXTS["config_subentries"].values(),
    ]
    for texts in flows:
        for group in ("step", "error", "abort"):
            yield from texts.get(group, {})


def test_every_step_error_and_abort_with_a_text_is_one_that_the_flows_know() -> None:
    assert set(keys()) <= SAID_BY_CODE


def test_every_kind_of_subentry_has_a_name_and_buttons_that_begin_its_flows() -> None:
    assert set(TEXTS["config_subentries"]) == {"door", "persona"}
    for texts in TEXTS["config_subentries"].values():
        assert texts["entry_type"]
        assert set(texts["initiate_flow"]) == {"user", "reconfigure"}
