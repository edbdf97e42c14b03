"""Home Assistant's quality scale: every rule is answered, and every answer can be looked up."""

import re
from collections.abc import Iterator
from pathlib import Path

from homeassistant.util.yaml import load_yaml_dict

import custom_components.gppde

PACKAGE = Path(custom_components.gppde.__file__).parent
ROOT = PACKAGE.parent.parent
PAGE = ROOT / "docs" / "quality.md"
ROW = re.compile(
    r"^\| (?P<rule>[a-z-]+) \| (?P<status>done|exempt) \| (?P<evidence>.+) \|$", re.MULTILINE
)
LINK = re.compile(r"\]\(([^)]+)\)")

RULES = """
action-setup appropriate-polling brands common-modules config-flow config-flow-test-coverage
dependency-transparency docs-actions docs-conditions docs-triggers docs-high-level-description
docs-installation-instructions docs-removal-instructions entity-event-setup entity-unique-id
has-entity-name runtime-data test-before-configure test-before-setup unique-config-entry

action-exceptions config-entry-unloading docs-configuration-parameters
docs-installation-parameters entity-unavailable integration-owner log-when-unavailable
parallel-updates reauthentication-flow test-coverage

devices diagnostics discovery discovery-update-info docs-data-update docs-examples
docs-known-limitations docs-supported-devices docs-supported-functions docs-troubleshooting
docs-use-cases dynamic-devices entity-category entity-device-class entity-disabled-by-default
entity-translations exception-translations icon-translations reconfiguration-flow repair-issues
stale-devices

async-dependency inject-websession strict-typing
"""


def scale() -> dict[str, str | dict[str, str]]:
    """Return each rule with its status, or with a status and a comment."""
    rules: dict[str, str | dict[str, str]] = load_yaml_dict(str(PACKAGE / "quality_scale.yaml"))[
        "rules"
    ]
    return rules


def rows() -> dict[str, tuple[str, str]]:
    """Return status and evidence by rule, as the page tells them."""
    found = ROW.finditer(PAGE.read_text())
    return {row["rule"]: (row["status"], row["evidence"]) for row in found}


def evidence() -> Iterator[str]:
    """Yield what the page links to."""
    yield from sorted({path for _, told in rows().values() for path in LINK.findall(told)})


def test_all_54_rules_are_answered_and_no_other() -> None:
    assert len(RULES.split()) == 54
    assert set(scale()) == set(rows()) == set(RULES.split())


def test_a_rule_is_done_or_exempt_for_a_reason() -> None:
    for rule, answer in scale().items():
        if isinstance(answer, dict):
            assert answer.keys() == {"status", "comment"}, rule
            assert answer["status"] == "exempt", rule
            assert len(answer["comment"].split()) >= 3, rule
        else:
            assert answer == "done", rule


def test_the_page_says_the_same_and_where_it_can_be_seen() -> None:
    for rule, answer in scale().items():
        status, told = rows()[rule]
        if isinstance(answer, dict):
            assert status == "exempt", rule
            assert answer["comment"] in told, rule
        else:
            assert status == answer, rule
            assert LINK.search(told), rule


def test_what_the_page_points_to_is_there() -> None:
    assert [path for path in evidence() if not (PAGE.parent / path).exists()] == []
