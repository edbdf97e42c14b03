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
REASONS: dict[type[Exception], str] = {
    EndpointConnectionError: (
        "no connection, so see that the internet is there and the region is right"
    ),
    ReadTimeoutError: "it takes too long",
    ConnectTimeoutError: "no connection, and it takes too long",
    ConnectionClosedError: "the connection broke",
    ProxyConnectionError: "the proxy of this machine lets nothing through",
    SSLError: "its certificate is not good, so see that this machine's clock is right",
    ResponseParserError: "the answer makes no sense",
    WaiterError: "what it was told to make does not appear",
}
REGIONLESS = (InvalidRegionError, NoRegionError)


def of_way(error: Exception, region: str) -> AwsError:
    """Return our own error for one of botocore's; none is quoted, since it may hold a secret."""
    if isinstance(error, KEYLESS):
        return CredentialsError(_keyless(error))
    if isinstance(error, UNANSWERED):
        return UnansweredError(f"AWS does not answer in {region}: {_reason(error)}.")
    if isinstance(error, REGIONLESS):
        return RefusedError("The region is not one. Choose one such as us-east-1.")
    # What is left are mistakes in what we ask for, and botocore would quote all of it.
    return RefusedError(f"AWS cannot be asked that ({type(error).__name__}). Report it, please.")


def _keyless(error: Exception) -> str:
    if isinstance(error, NoCredentialsError):
        return "There are no keys for AWS. Enter an access key and its secret."
    if isinstance(error, PartialCredentialsError):
        return "The keys for AWS are not complete. Enter an access key and its secret."
    return (
        "The keys for AWS that this machine has cannot be read"
        f" ({type(error).__name__}). Mend them, or enter an access key and its secret."
    )


def _reason(error: Exception) -> str:
    known = (words for kind, words in REASONS.items() if isinstance(error, kind))
    return next(known, f"the way there is broken ({type(error).__name__})")
