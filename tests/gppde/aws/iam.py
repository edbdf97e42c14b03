"""Would AWS allow it? The part of IAM's policy language that our policy uses, as AWS documents it.

A request is allowed where a statement allows it and none denies it. A condition on a key that the
request lacks does not hold, except after ForAllValues and Null. What is not known here is an error,
so that no policy passes that this module does not understand.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase

type Json = dict[str, object]
type Context = Mapping[str, str | list[str]]

ELEMENTS = {"Sid", "Effect", "Action", "Resource", "Condition"}
VARIABLE = re.compile(r"\$\{([^}]+)\}")


@dataclass(frozen=True, slots=True)
class Question:
    """May this be done to that? `context` holds the condition keys of the request."""

    action: str
    resource: str
    context: Context


def is_like(value: str, pattern: str) -> bool:
    """Match IAM's two wildcards; brackets mean themselves."""
    return fnmatchcase(value, pattern.replace("[", "[[]"))


def is_number(accepts: Callable[[float, float], bool]) -> Callable[[str, str], bool]:
    """Compare as numbers what policies and requests hold as text."""
    return lambda value, wanted: accepts(float(value), float(wanted))


OPERATORS: dict[str, Callable[[str, str], bool]] = {
    "StringEquals": lambda value, wanted: value == wanted,
    "StringLike": is_like,
    "NumericEquals": is_number(lambda value, wanted: value == wanted),
    "NumericLessThanEquals": is_number(lambda value, wanted: value <= wanted),
    "Bool": lambda value, wanted: value.lower() == wanted.lower(),
}


def listed(value: object) -> list[str]:
    """Return a list also of what stands alone."""
    return [str(item) for item in value] if isinstance(value, list) else [str(value)]


def allows(policy: Json, question: Question) -> bool:
    """Whether the policy allows what is asked."""
    statements = policy["Statement"]
    assert isinstance(statements, list)
    effects = {each["Effect"] for each in statements if applies(each, question)}
    assert effects <= {"Allow", "Deny"}
    return effects == {"Allow"}


def applies(statement: Json, question: Question) -> bool:
    """Whether a statement speaks of what is asked."""
    if unknown := statement.keys() - ELEMENTS:
        raise NotImplementedError(f"Nothing here understands {unknown}")
    conditions = statement.get("Condition", {})
    assert isinstance(conditions, dict)
    return (
        any(is_like(question.action.lower(), a.lower()) for a in listed(statement["Action"]))
        and any(is_like(question.resource, arn) for arn in listed(statement["Resource"]))
        and all(
            holds(operator, key, listed(wanted), question.context)
            for operator, block in conditions.items()
            for key, wanted in block.items()
        )
    )


def holds(operator: str, key: str, wanted: list[str], context: Context) -> bool:
    """Whether one condition holds. The names of keys know no case; the values do."""
    found = {name.lower(): value for name, value in context.items()}.get(key.lower(), [])
    values = listed(found)
    if operator == "Null":
        return (str(not values).lower()) in wanted
    scope, _, name = operator.rpartition(":")
    if name not in OPERATORS:
        raise NotImplementedError(f"Nothing here understands {operator}")
    matches = [any_matches(OPERATORS[name], value, wanted, context) for value in values]
    if scope == "ForAllValues":
        return all(matches)
    if scope == "ForAnyValue":
        return any(matches)
    assert not scope
    assert len(matches) <= 1, f"{key} has several values, which {operator} cannot judge"
    return any(matches)


def any_matches(
    compare: Callable[[str, str], bool], value: str, wanted: list[str], context: Context
) -> bool:
    """Whether a value is like one of those wanted, whose variables the request fills in."""
    return any(compare(value, filled) for each in wanted if (filled := fill(each, context)))


def fill(text: str, context: Context) -> str | None:
    """Replace variables such as ${aws:PrincipalAccount}; None where the request lacks one."""
    if any(name not in context for name in VARIABLE.findall(text)):
        return None
    return VARIABLE.sub(lambda match: str(context[match[1]]), text)
