"""Does our small IAM judge as AWS's documentation says that AWS does?"""

from typing import Any

import pytest

from .iam import Context, Question, allows

TAGS = {"ForAllValues:StringEquals": {"aws:TagKeys": ["mine", "yours"]}}


def asked(context: Context | None = None, resource: str = "arn:aws:ec2:::instance/i-1") -> Question:
    return Question("ec2:RunInstances", resource, context or {})


def allow(condition: dict[str, Any] | None = None, **elements: Any) -> dict[str, Any]:
    allowed = {"Effect": "Allow", "Action": "ec2:RunInstances", "Resource": "*"}
    return allowed | elements | ({"Condition": condition} if condition else {})


def is_allowed(question: Question, *statements: dict[str, Any]) -> bool:
    return allows({"Version": "2012-10-17", "Statement": list(statements)}, question)


def test_what_nothing_speaks_of_is_denied() -> None:
    assert not is_allowed(asked())
    assert not is_allowed(asked(), allow(Action="ec2:StartInstances"))
    assert not is_allowed(asked(), allow(Resource="arn:aws:ec2:::volume/*"))


def test_a_denial_outdoes_what_allows() -> None:
    assert not is_allowed(asked(), allow(), allow(Effect="Deny"))
    assert is_allowed(asked(), allow(), allow(Effect="Deny", Action="ec2:Stop*"))


def test_actions_know_no_case_and_resources_do() -> None:
    assert is_allowed(asked(), allow(Action="EC2:runinstances"))
    assert not is_allowed(asked(), allow(Resource="arn:aws:ec2:::INSTANCE/*"))


def test_a_star_also_stands_for_nothing() -> None:
    assert is_allowed(asked(), allow(Resource="arn:aws:ec2:*:*:instance/*"))


@pytest.mark.parametrize(
    ("condition", "value", "holds"),
    [
        ({"StringEquals": {"a": "b"}}, "b", True),
        ({"StringEquals": {"a": ["b", "c"]}}, "c", True),
        ({"StringEquals": {"A": "b"}}, "b", True),
        ({"StringEquals": {"a": "b"}}, "B", False),
        ({"StringLike": {"a": "?*"}}, "x", True),
        ({"StringLike": {"a": "?*"}}, "", False),
        ({"StringLike": {"a": "[ab]"}}, "a", False),
        ({"NumericLessThanEquals": {"a": "1"}}, "1", True),
        ({"NumericLessThanEquals": {"a": "9"}}, "10", False),
        ({"NumericEquals": {"a": "1"}}, "1.0", True),
        ({"Bool": {"a": "true"}}, "True", True),
        ({"Bool": {"a": "true"}}, "false", False),
        ({"StringEquals": {"a": "b", "absent": "b"}}, "b", False),
        ({"Null": {"a": "false"}}, "b", True),
        ({"Null": {"absent": "true"}}, "b", True),
        ({"Null": {"a": "true"}}, "b", False),
    ],
)
def test_a_condition(condition: dict[str, Any], value: str, holds: bool) -> None:
    assert is_allowed(asked({"a": value}), allow(condition)) is holds


def test_all_values_have_to_be_among_those_wanted() -> None:
    assert is_allowed(asked({"aws:TagKeys": ["mine"]}), allow(TAGS))
    assert not is_allowed(asked({"aws:TagKeys": ["mine", "theirs"]}), allow(TAGS))


def test_all_of_no_values_are_among_those_wanted() -> None:
    """AWS warns of it: a tag has to be demanded besides."""
    assert is_allowed(asked(), allow(TAGS))


def test_one_value_may_be_enough() -> None:
    condition = {"ForAnyValue:StringEquals": {"aws:TagKeys": ["mine"]}}
    assert is_allowed(asked({"aws:TagKeys": ["mine", "theirs"]}), allow(condition))
    assert not is_allowed(asked(), allow(condition))


def test_a_variable_is_what_the_request_says() -> None:
    condition = {"StringEquals": {"ec2:Owner": "${aws:PrincipalAccount}"}}
    ours = {"ec2:Owner": "1", "aws:PrincipalAccount": "1"}
    assert is_allowed(asked(ours), allow(condition))
    assert not is_allowed(asked(ours | {"ec2:Owner": "2"}), allow(condition))
    assert not is_allowed(asked({"ec2:Owner": "${aws:PrincipalAccount}"}), allow(condition))


@pytest.mark.parametrize(
    "statement",
    [allow(NotAction="*"), allow({"DateLessThan": {"a": "2026"}}), allow(Principal="*")],
)
def test_what_it_does_not_understand_is_an_error(statement: dict[str, Any]) -> None:
    with pytest.raises(NotImplementedError):
        is_allowed(asked({"a": "b"}), statement)
