"""What AWS says when something is wrong, and what a person reads of it."""

import inspect
from collections.abc import Callable
from typing import Any

import pytest
from botocore import exceptions as boto
from botocore.parsers import ResponseParserError

from custom_components.gppde.aws import errors
from custom_components.gppde.aws.calls import LONGEST_QUOTE, aws_errors
from custom_components.gppde.aws.cloud import SPOT_QUOTA, Cloud, CloudConfig
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
from custom_components.gppde.errors import GppdeError

from .account import KEY, REGION, SECRET
from .faults import Garbled, Lost, Refused
from .lacking import IMAGE
from .launching import ADDRESS, HOME, PORT, a_launch
from .proxy import Proxy

CODES: dict[type[AwsError], list[tuple[str, int]]] = {
    CredentialsError: [
        ("AuthFailure", 401),
        ("InvalidClientTokenId", 403),
        ("UnrecognizedClientException", 400),
        ("ExpiredToken", 403),
        ("ExpiredTokenException", 400),
        ("SignatureDoesNotMatch", 403),
        ("IncompleteSignature", 400),
        ("InvalidSignatureException", 400),
        ("MissingAuthenticationToken", 403),
    ],
    ForbiddenError: [
        ("AccessDenied", 403),
        ("AccessDeniedException", 400),
        ("UnauthorizedOperation", 403),
        ("AuthFailure.ServiceLinkedRoleCreationNotPermitted", 403),
    ],
    CapacityError: [
        ("InsufficientInstanceCapacity", 500),
        ("InsufficientHostCapacity", 500),
        ("InsufficientCapacity", 500),
        ("Unsupported", 400),
        ("SpotMaxPriceTooLow", 400),
    ],
    SpotQuotaError: [("MaxSpotInstanceCountExceeded", 400)],
    QuotaError: [("VcpuLimitExceeded", 400), ("InstanceLimitExceeded", 400)],
    TokenSpentError: [
        ("IdempotentParameterMismatch", 400),
        ("IdempotentInstanceTerminated", 400),
    ],
    UnknownInstanceError: [
        ("InvalidInstanceID.NotFound", 400),
        ("InvalidInstanceID.Malformed", 400),
    ],
    ThrottledError: [
        ("RequestLimitExceeded", 503),
        ("Throttling", 400),
        ("ThrottlingException", 400),
        ("ThrottlingSomehow", 400),
        ("TooManyRequestsException", 429),
        ("WhateverException", 429),
    ],
    UnansweredError: [
        ("InternalError", 500),
        ("InternalFailure", 500),
        ("ServiceUnavailable", 503),
        ("Unavailable", 503),
        ("SomethingNew", 502),
        ("504", 504),
    ],
    RefusedError: [
        ("DryRunOperation", 412),
        ("PendingVerification", 400),
        ("OptInRequired", 401),
        ("Blocked", 400),
        ("RequestExpired", 400),
        ("InvalidAMIID.NotFound", 400),
        ("UnsupportedOperation", 400),
        ("SomethingNew", 400),
    ],
}
ADVISED = {
    "AuthFailure.ServiceLinkedRoleCreationNotPermitted": "create-service-linked-role",
    "PendingVerification": "Try again tomorrow",
    "OptInRequired": "Accept the terms",
    "RequestExpired": "clock",
    "ExpiredToken": "Enter new ones",
    "InvalidAMIID.NotFound": "Choose an image",
    "SpotMaxPriceTooLow": "ceiling",
    "MaxSpotInstanceCountExceeded": "L-3819A6DF",
    "VcpuLimitExceeded": "L-DB2E81BA",
}


def refusal(
    code: str, status: int = 400, message: str = "AWS's words.", operation: str = "RunInstances"
) -> boto.ClientError:
    """Return what botocore raises for an answer of AWS's."""
    answer: Any = {
        "Error": {"Code": code, "Message": message},
        "ResponseMetadata": {"HTTPStatusCode": status},
    }
    return boto.ClientError(answer, operation)


def translated(error: Exception) -> AwsError:
    """Return what becomes of an exception of botocore's."""
    with pytest.raises(AwsError) as raised, aws_errors(REGION):
        raise error
    return raised.value


@pytest.mark.parametrize(
    ("kind", "code", "status"),
    [(kind, *code) for kind, codes in CODES.items() for code in codes],
)
def test_each_code_has_its_meaning(kind: type[AwsError], code: str, status: int) -> None:
    error = translated(refusal(code, status))

    assert type(error) is kind
    assert error.code == code
    assert f"({code})" in str(error)
    assert error.__cause__ is None


@pytest.mark.parametrize(("code", "advice"), ADVISED.items())
def test_the_words_tell_what_to_do(code: str, advice: str) -> None:
    assert advice in str(translated(refusal(code)))


def test_all_errors_have_one_root() -> None:
    kinds = [kind for _, kind in inspect.getmembers(errors, inspect.isclass)]

    assert set(CODES) < set(kinds)
    assert all(issubclass(kind, GppdeError) for kind in kinds)


@pytest.mark.parametrize(
    ("operation", "message", "action"),
    [
        ("RunInstances", "You are not authorized.", "ec2:RunInstances"),
        (
            "RunInstances",
            "User: arn:aws:iam::1:user/door is not authorized to perform: ec2:CreateTags on all",
            "ec2:CreateTags",
        ),
        ("GetServiceQuota", "No.", "servicequotas:GetServiceQuota"),
        ("GetParameter", "No.", "ssm:GetParameter"),
    ],
)
def test_what_a_policy_lacks_is_named(operation: str, message: str, action: str) -> None:
    error = translated(refusal("AccessDenied", 403, message, operation))

    assert isinstance(error, ForbiddenError)
    assert error.action == action
    assert action in str(error)


def test_a_role_that_may_not_be_assumed_is_a_matter_of_keys() -> None:
    error = translated(refusal("AccessDenied", 403, operation="AssumeRole"))

    assert isinstance(error, CredentialsError)
    assert "role" in str(error)


@pytest.mark.parametrize(
    ("error", "kind", "words"),
    [
        (boto.NoCredentialsError(), CredentialsError, "Enter an access key"),
        (
            boto.PartialCredentialsError(provider="env", cred_var="AWS_SECRET_ACCESS_KEY"),
            CredentialsError,
            "not complete",
        ),
        (
            boto.CredentialRetrievalError(provider="a-process", error_msg=SECRET),
            CredentialsError,
            "cannot be read",
        ),
        (boto.ProfileNotFound(profile="nobody"), CredentialsError, "ProfileNotFound"),
        (boto.UnauthorizedSSOTokenError(), CredentialsError, "UnauthorizedSSOTokenError"),
        (boto.EndpointConnectionError(endpoint_url="x"), UnansweredError, "internet"),
        (boto.ConnectTimeoutError(endpoint_url="x"), UnansweredError, "too long"),
        (boto.ReadTimeoutError(endpoint_url="x"), UnansweredError, "too long"),
        (boto.ConnectionClosedError(endpoint_url="x"), UnansweredError, "broke"),
        (boto.ProxyConnectionError(proxy_url="http://a:b@c"), UnansweredError, "proxy"),
        (boto.SSLError(endpoint_url="x", error=OSError(SECRET)), UnansweredError, "clock"),
        (
            boto.IncompleteReadError(actual_bytes=1, expected_bytes=2),
            UnansweredError,
            "IncompleteReadError",
        ),
        (boto.HTTPClientError(error=SECRET), UnansweredError, "HTTPClientError"),
        (ResponseParserError(SECRET), UnansweredError, "no sense"),
        (OSError(24, "Too many open files"), UnansweredError, "Too many open files"),
        (KeyError("Instances"), UnansweredError, "no sense"),
        (ValueError("a state nobody knows"), UnansweredError, "no sense"),
        (boto.InvalidRegionError(region_name="?"), RefusedError, "region"),
        (boto.NoRegionError(), RefusedError, "region"),
        (boto.ParamValidationError(report=SECRET), RefusedError, "ParamValidationError"),
        (boto.DataNotFoundError(data_path="x"), RefusedError, "DataNotFoundError"),
    ],
)
def test_what_happens_on_the_way_is_told_without_quoting_it(
    error: Exception, kind: type[AwsError], words: str
) -> None:
    told = translated(error)

    assert type(told) is kind
    assert words in str(told)
    assert told.code == ""
    assert SECRET not in repr(told)
    assert "a:b" not in repr(told)
    assert told.__cause__ is None
    assert told.__suppress_context__


@pytest.mark.parametrize("code", ["SignatureDoesNotMatch", "AuthFailure", "AccessDenied"])
def test_aws_is_not_quoted_where_it_repeats_what_was_signed(code: str) -> None:
    message = f"The Canonical String should have been 'x-amz-security-token:{SECRET}'"

    assert SECRET not in repr(translated(refusal(code, 403, message)))


def test_aws_own_words_are_passed_on_within_bounds() -> None:
    words = f"{'Volume of size 8GB is smaller than snapshot. ' * 99}"
    told = str(translated(refusal("InvalidBlockDeviceMapping", message=words)))

    assert "AWS refuses RunInstances: Volume of size 8GB" in told
    assert len(told) < LONGEST_QUOTE + 100


def test_what_only_aws_can_decode_is_left_out() -> None:
    words = "Something. Encoded authorization failure message: 4GIOHlTkIaWHQD0Q0m6Xn\nXUuMKJOK"

    assert "4GIO" not in str(translated(refusal("SomethingNew", message=words)))


def test_the_services_errors_are_read_from_their_own_protocols(cloud: Cloud, aws: Proxy) -> None:
    aws.faults = [
        Refused(action="DescribeInstances", code="AuthFailure", status=401),
        Refused(action="GetCallerIdentity", code="InvalidClientTokenId", status=403),
        Refused(action="GetServiceQuota", code="UnrecognizedClientException"),
        Refused(action="GetParameter", code="ExpiredTokenException"),
    ]

    with pytest.raises(CredentialsError, match="AuthFailure"):
        cloud.instances(HOME)
    with pytest.raises(CredentialsError, match="InvalidClientTokenId"):
        cloud.identity()
    with pytest.raises(CredentialsError, match="UnrecognizedClientException"):
        cloud.quota("L-3819A6DF")
    with pytest.raises(CredentialsError, match="ExpiredTokenException"):
        cloud.image("resolve:ssm:/any")


def test_capacity_is_told_apart_from_a_fault_though_both_are_a_status_500(
    cloud: Cloud, aws: Proxy
) -> None:
    wish = a_launch(cloud)
    capacity = Refused(
        action="RunInstances", code="InsufficientInstanceCapacity", status=500, times=4
    )
    aws.faults = [capacity]

    with pytest.raises(CapacityError):
        cloud.launch(wish)
    assert cloud.instances(HOME) == []


def test_a_lost_answer_may_be_that_of_a_call_that_was_carried_out(cloud: Cloud, aws: Proxy) -> None:
    aws.faults = [Lost(times=4)]

    with pytest.raises(UnansweredError, match="the connection broke"):
        cloud.identity()


ASKED: list[Callable[[Cloud], object]] = [
    lambda cloud: cloud.identity(),
    lambda cloud: cloud.instance("i-0123456789abcdef0"),
    lambda cloud: cloud.instances(HOME),
    lambda cloud: cloud.image(IMAGE),
    lambda cloud: cloud.quota(SPOT_QUOTA),
    lambda cloud: cloud.placements(["g6.xlarge"]),
    lambda cloud: cloud.spot_price("g6.xlarge", "us-east-1a"),
    lambda cloud: cloud.firewall(HOME).ensure(ADDRESS, PORT),
    lambda cloud: cloud.firewall(HOME).delete(),
]


@pytest.mark.parametrize("body", [b"<html>Log in to this hotel's network", b"{}"])
@pytest.mark.parametrize("ask", ASKED)
def test_an_answer_that_is_none_of_aws_is_no_answer(
    body: bytes, ask: Callable[[Cloud], object], cloud: Cloud, aws: Proxy
) -> None:
    aws.faults = [Garbled(times=9, body=body)]

    with pytest.raises(UnansweredError):
        ask(cloud)


def test_nobody_listens_there(monkeypatch: pytest.MonkeyPatch, aws: Proxy) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    cloud = Cloud(CloudConfig(region=REGION, access_key=KEY, secret_key=SECRET))

    with pytest.raises(UnansweredError, match=f"{REGION}.*internet"):
        cloud.identity()


def test_a_region_that_is_none_is_told_of(aws: Proxy) -> None:
    cloud = Cloud(CloudConfig(region="not a region!", access_key=KEY, secret_key=SECRET))

    with pytest.raises(RefusedError, match="region"):
        cloud.identity()
