"""AWS's error codes: what each means to us, and what a person can do about it."""

from ..words import Words
from .errors import (
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

DRY_RUN_PASSED = "DryRunOperation"
NO_GROUP = {"InvalidGroup.NotFound", "InvalidGroupId.Malformed"}
GROUP_EXISTS = "InvalidGroup.Duplicate"
GROUP_IN_USE = {"DependencyViolation", "InvalidGroup.InUse"}
RULE_EXISTS = "InvalidPermission.Duplicate"
NO_RULE = {"InvalidPermission.NotFound", "InvalidSecurityGroupRuleId.NotFound"}

_CODES: dict[type[AwsError], str] = {
    CredentialsError: """
        AuthFailure ExpiredToken ExpiredTokenException IncompleteSignature InvalidClientTokenId
        InvalidSignatureException MissingAuthenticationToken MissingAuthenticationTokenException
        SignatureDoesNotMatch UnrecognizedClientException""",
    ForbiddenError: """
        AccessDenied AccessDeniedException UnauthorizedOperation
        AuthFailure.ServiceLinkedRoleCreationNotPermitted""",
    CapacityError: """
        InsufficientCapacity InsufficientCapacityOnHost InsufficientHostCapacity
        InsufficientInstanceCapacity InsufficientVolumeCapacity SpotMaxPriceTooLow Unsupported""",
    SpotQuotaError: "MaxSpotInstanceCountExceeded",
    QuotaError: "InstanceLimitExceeded VcpuLimitExceeded",
    TokenSpentError: "IdempotentInstanceTerminated IdempotentParameterMismatch",
    UnknownInstanceError: "InvalidInstanceID.Malformed InvalidInstanceID.NotFound",
    ThrottledError: """
        EC2ThrottledException RequestLimitExceeded RequestThrottled RequestThrottledException
        SlowDown Throttling ThrottlingException ThrottledException TooManyRequestsException""",
    UnansweredError: """
        InternalError InternalFailure InternalServerError RequestTimeout RequestTimeoutException
        ServiceException ServiceUnavailable ServiceUnavailableException Unavailable""",
}
KINDS = {code: kind for kind, codes in _CODES.items() for code in codes.split()}

WORDS: dict[type[AwsError], Words] = {
    CredentialsError: Words(
        "AWS does not take the keys. Enter valid ones, and see that this machine's clock is right"
        " and that the region is enabled for the account."
    ),
    CapacityError: Words("AWS has no such instance to lend now. Allow other types, or wait."),
    SpotQuotaError: Words(
        "The account's quota for spot instances (L-3819A6DF) is used up. Ask AWS for more vCPUs."
    ),
    QuotaError: Words(
        "The account's quota for instances on demand (L-DB2E81BA) is used up. Ask AWS for more"
        " vCPUs."
    ),
    TokenSpentError: Words("The client token has served another launch. A new one is needed."),
    UnknownInstanceError: Words("AWS does not know the instance: it is gone, or too new."),
    ThrottledError: Words("AWS gets too many calls from this account. Try again in some minutes."),
    UnansweredError: Words("AWS has a fault of its own. Try again in some minutes."),
}

NO_SUCH_IMAGE = Words("Choose an image that exists in the region.")
NO_NETWORK = Words("Make a default VPC with its subnets in the region.")
SPOT_ROLE = "AuthFailure.ServiceLinkedRoleCreationNotPermitted"
ADVICE: dict[str, Words] = {
    SPOT_ROLE: Words(
        "The account has had no spot instance yet, and lacks the role for it. Create it once: aws"
        " iam create-service-linked-role --aws-service-name spot.amazonaws.com"
    ),
    "Blocked": Words("AWS has blocked the account. Ask AWS's support."),
    "DefaultVpcDoesNotExist": NO_NETWORK,
    "ExpiredToken": Words("The keys have expired. Enter new ones."),
    "ExpiredTokenException": Words("The keys have expired. Enter new ones."),
    "InvalidAMIID.Malformed": NO_SUCH_IMAGE,
    "InvalidAMIID.NotFound": NO_SUCH_IMAGE,
    "InvalidAMIID.Unavailable": NO_SUCH_IMAGE,
    "InvalidSubnetID.NotFound": NO_NETWORK,
    "OptInRequired": Words("Accept the terms of the image, or subscribe to the service, at AWS."),
    "ParameterNotFound": NO_SUCH_IMAGE,
    "PendingVerification": Words(
        "AWS still verifies the account for the region. Try again tomorrow."
    ),
    "RequestExpired": Words("This machine's clock is wrong. Set it."),
    "RequestTimeTooSkewed": Words("This machine's clock is wrong. Set it."),
    "SpotMaxPriceTooLow": Words("A spot instance costs more than the ceiling. Raise it, or wait."),
    "Unsupported": Words("AWS has no such instances in that zone. Allow other types."),
    "VPCIdNotSpecified": NO_NETWORK,
}
"""For single codes, where the words of their kind would not do."""

SERVICES = {
    "AssumeRole": "sts",
    "GetAWSDefaultServiceQuota": "servicequotas",
    "GetCallerIdentity": "sts",
    "GetParameter": "ssm",
    "GetServiceQuota": "servicequotas",
}
"""Whose the operations are that are not EC2's, as a policy names them."""
ACTIONS = {SPOT_ROLE: "iam:CreateServiceLinkedRole"}
"""What is lacking where that is not the operation itself."""


def kind_of(code: str, status: int) -> type[AwsError]:
    """Return what a code means; one that is unknown, by the status of the HTTP answer."""
    server_error, too_many = 500, 429
    if status == too_many or code.startswith("Throttl"):
        return ThrottledError
    return KINDS.get(code, UnansweredError if status >= server_error else RefusedError)
