"""Print what Home Assistant's default components and those named require from PyPI.

Home Assistant would install these by itself at its first start; installing them beforehand makes
that start a matter of seconds.
"""

import json
import sys
from pathlib import Path

import homeassistant
from homeassistant.bootstrap import DEFAULT_INTEGRATIONS

COMPONENTS = Path(homeassistant.__file__).parent / "components"


def manifest(domain: str) -> dict[str, list[str]]:
    """Return a component's manifest."""
    content: dict[str, list[str]] = json.loads((COMPONENTS / domain / "manifest.json").read_text())
    return content


def with_dependencies(domains: list[str]) -> set[str]:
    """Return the components and, recursively, those they depend on."""
    found: set[str] = set()
    waiting = list(domains)
    while waiting:
        if (domain := waiting.pop()) not in found:
            found.add(domain)
            waiting += manifest(domain).get("dependencies", [])
    return found


if __name__ == "__main__":
    requirements = {
        requirement
        for domain in with_dependencies([*DEFAULT_INTEGRATIONS, *sys.argv[1:]])
        for requirement in manifest(domain).get("requirements", [])
    }
    print("\n".join(sorted(requirements)))
