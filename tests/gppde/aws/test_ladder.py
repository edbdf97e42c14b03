"""In which order is what asked for, and when is the next thing asked for?"""

import pytest

from custom_components.gppde.aws.errors import (
    AwsError,
    CapacityError,
    CredentialsError,
    ForbiddenError,
    QuotaError,
    RefusedError,
    SpotQuotaError,
    ThrottledError,
    TokenSpentError,
    UnansweredError,
    UnknownInstanceError,
)
from custom_components.gppde.aws.instance import Placement
from custom_components.gppde.aws.ladder import goes_on, rungs

PLACEMENTS = [
    Placement("g4dn.xlarge", "us-east-1a", "subnet-a"),
    Placement("g6.xlarge", "us-east-1a", "subnet-a"),
    Placement("g6.xlarge", "us-east-1b", "subnet-b"),
    Placement("p5.48xlarge", "us-east-1a", "subnet-a"),
]
TYPES = ["g6.xlarge", "g4dn.xlarge"]


def test_all_is_tried_as_spot_before_anything_is_tried_on_demand() -> None:
    ladder = rungs(PLACEMENTS, TYPES, spot_first=True)
    assert [(rung.type, rung.zone, rung.subnet, rung.is_spot) for rung in ladder] == [
        ("g6.xlarge", "us-east-1a", "subnet-a", True),
        ("g6.xlarge", "us-east-1b", "subnet-b", True),
        ("g4dn.xlarge", "us-east-1a", "subnet-a", True),
        ("g6.xlarge", "us-east-1a", "subnet-a", False),
        ("g6.xlarge", "us-east-1b", "subnet-b", False),
        ("g4dn.xlarge", "us-east-1a", "subnet-a", False),
    ]


def test_who_does_not_want_spot_is_not_interrupted() -> None:
    ladder = rungs(PLACEMENTS, TYPES, spot_first=False)
    assert [rung.is_spot for rung in ladder] == [False] * 3


def test_a_type_that_is_wished_for_twice_is_asked_for_once() -> None:
    assert len(rungs(PLACEMENTS, ["g6.xlarge", "g6.xlarge"], spot_first=False)) == 2


def test_a_ladder_of_types_that_nobody_offers_is_empty() -> None:
    assert rungs(PLACEMENTS, ["g5.xlarge"], spot_first=True) == []


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (CapacityError, True),
        (SpotQuotaError, True),
        (AwsError, False),
        (CredentialsError, False),
        (ForbiddenError, False),
        (QuotaError, False),
        (RefusedError, False),
        (ThrottledError, False),
        (TokenSpentError, False),
        (UnansweredError, False),
        (UnknownInstanceError, False),
    ],
)
def test_only_lack_of_capacity_and_the_spot_quota_lead_to_the_next_rung(
    error: type[AwsError], expected: bool
) -> None:
    assert goes_on(error("No.")) is expected
