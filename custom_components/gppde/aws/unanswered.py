"""What it means that AWS was not asked, or did not answer."""

from botocore.exceptions import (
    ConfigParseError,
    ConnectionClosedError,
    ConnectTimeoutError,
    CredentialRetrievalError,
    EndpointConnectionError,
    HTTPClientError,
    IncompleteReadError,
    InvalidConfigError,
    InvalidRegionError,
    MetadataRetrievalError,
    NoCredentialsError,
    NoRegionError,
    PartialCredentialsError,
    ProfileNotFound,
    ProxyConnectionError,
    ReadTimeoutError,
    SSLError,
    SSOError,
    TokenRetrievalError,
    WaiterError,
)
from botocore.exceptions import ConnectionError as NoConnectionError
from botocore.parsers import ResponseParserError

from ..words import Words
from .errors import AwsError, CredentialsError, RefusedError, UnansweredError

KEYLESS = (
    NoCredentialsError,
    PartialCredentialsError,
    CredentialRetrievalError,
    MetadataRetrievalError,
    TokenRetrievalError,
    SSOError,
    ProfileNotFound,
    ConfigParseError,
    InvalidConfigError,
)
UNANSWERED = (
    NoConnectionError,
    HTTPClientError,
    IncompleteReadError,
    ResponseParserError,
    WaiterError,
)
REASONS: dict[type[Exception], Words] = {
    EndpointConnectionError: Words(
        "no connection, so see that the internet is there and the region is right"
    ),
    ReadTimeoutError: Words("it takes too long"),
    ConnectTimeoutError: Words("no connection, and it takes too long"),
    ConnectionClosedError: Words("the connection broke"),
    ProxyConnectionError: Words("the proxy of this machine lets nothing through"),
    SSLError: Words("its certificate is not good, so see that this machine's clock is right"),
    ResponseParserError: Words("the answer makes no sense"),
    WaiterError: Words("what it was told to make does not appear"),
}
REGIONLESS = (InvalidRegionError, NoRegionError)


def of_way(error: Exception, region: str) -> AwsError:
    """Return our own error for one of botocore's; none is quoted, since it may hold a secret."""
    if isinstance(error, KEYLESS):
        return _keyless(error)
    if isinstance(error, UNANSWERED):
        return UnansweredError(
            "AWS does not answer in {region}: {reason}.", region=region, reason=_reason(error)
        )
    if isinstance(error, REGIONLESS):
        return RefusedError("The region is not one. Choose one such as us-east-1.")
    # What is left are mistakes in what we ask for, and botocore would quote all of it.
    return RefusedError(
        "AWS cannot be asked that ({kind}). Report it, please.", kind=type(error).__name__
    )


def _keyless(error: Exception) -> CredentialsError:
    if isinstance(error, NoCredentialsError):
        return CredentialsError("There are no keys for AWS. Enter an access key and its secret.")
    if isinstance(error, PartialCredentialsError):
        return CredentialsError(
            "The keys for AWS are not complete. Enter an access key and its secret."
        )
    return CredentialsError(
        "The keys for AWS that this machine has cannot be read ({kind}). Mend them, or enter an"
        " access key and its secret.",
        kind=type(error).__name__,
    )


def _reason(error: Exception) -> Words:
    known = (words for kind, words in REASONS.items() if isinstance(error, kind))
    return next(known, Words("the way there is broken ({kind})", kind=type(error).__name__))
