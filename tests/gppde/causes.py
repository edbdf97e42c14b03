"""The sentences of the causes: as the code holds them, and as the translations do."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import custom_components.gppde

PACKAGE = Path(custom_components.gppde.__file__).parent
TRANSLATIONS = PACKAGE / "translations"
LANGUAGES = sorted(file.stem for file in TRANSLATIONS.iterdir())
PREFIX = "cause_"
GAP = re.compile(r"{(\w+)}")
CALLED = {"Words", "kind"}
"""What sentences are given to besides errors; a `kind` is one of several errors."""

EXEMPT = {
    "speaking/player_call.py": "the log alone quotes it; a person reads by a key what was wrong",
    "speaking/playback.py": "the same",
    "flows/clip.py": "its error is the key of a form's text",
    "voice/answer.py": "its error is the key of an answer",
    "errors.py": "it hands the sentence on",
    "aws/errors.py": "the same",
}
"""Modules whose sentences need no translation, and why."""

TREES = {
    path: ast.parse(file.read_text())
    for file in PACKAGE.rglob("*.py")
    if (path := str(file.relative_to(PACKAGE))) not in EXEMPT
}


def messages(language: str) -> dict[str, str]:
    """Return the causes of a language by their keys."""
    texts: dict[str, Any] = json.loads((TRANSLATIONS / f"{language}.json").read_text())
    causes = {key: text for key, text in texts["exceptions"].items() if key.startswith(PREFIX)}
    return {key: text["message"] for key, text in causes.items()}


def _classes() -> Iterator[ast.ClassDef]:
    for file in PACKAGE.rglob("*.py"):
        tree = ast.parse(file.read_text())
        yield from (node for node in ast.walk(tree) if isinstance(node, ast.ClassDef))


def _errors() -> dict[str, ast.ClassDef]:
    """Return the children of GppdeError by their names."""
    classes = list(_classes())
    found: dict[str, ast.ClassDef] = {}
    while new := {
        each.name: each
        for each in classes
        if each.name not in found
        and any(getattr(base, "id", "") in {"GppdeError", *found} for base in each.bases)
    }:
        found |= new
    return found


ERRORS = _errors()
MAKES_ITS_OWN = {
    name for name, each in ERRORS.items() if any(isinstance(n, ast.FunctionDef) for n in each.body)
}
"""Those that are not given a sentence, but know it, and hand it to their parent themselves."""
FORWARDING = {"AwsError", "ForbiddenError"}


def _name(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else ""


def _is_given_a_sentence(call: ast.Call) -> bool:
    return _name(call) in CALLED | set(ERRORS) - (MAKES_ITS_OWN - FORWARDING)


def _inits_in(node: ast.ClassDef) -> Iterator[ast.Call]:
    for call in ast.walk(node):
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "super().__init__":
            yield call


def calls() -> Iterator[ast.Call]:
    """Yield all that is given a sentence, be it an error, its parent, or Words."""
    for tree in TREES.values():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and _is_given_a_sentence(node):
                yield node
            if isinstance(node, ast.ClassDef) and node.name in MAKES_ITS_OWN:
                yield from _inits_in(node)


def needs_translation(template: str) -> bool:
    """Tell whether there are words between the gaps."""
    return bool(re.search(r"\w", GAP.sub("", template)))
