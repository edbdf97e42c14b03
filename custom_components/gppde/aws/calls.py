"""Turns what botocore raises into our own errors, in words that tell a person what to do.

None of them keeps its cause, nor quotes it where it may hold a secret: AWS repeats what was signed.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError

from .codes import ACTIONS, ADVICE, SERVICES, WORDS, kind_of
from .errors import AwsError, CredentialsError, ForbiddenError, RefusedError, UnansweredError
from .way import of_way

NONSENSE = "What AWS answers makes no sense. Try again in some minutes."
LONGEST_QUOTE = 300
"""Characters of AWS's own words that are passed on."""
ENCODED = re.compile(r"\s*Encoded authorization failure message:.*", re.DOTALL)
LACKING = re.compile(r"not authorized to perform: (?P<action>[\w-]+:\w+)")


@contextmanager
def aws_errors(region: str) -> Iterator[None]:
    """Raise everything of botocore's as AwsError's children."""
    try:
        yield
    except ClientError as error:
        raise _of_answer(error) from None
    except (BotoCoreError, ResponseParserError) as error:
        raise of_way(error, region) from None
    except LookupError, ValueError:
        # What we looked for in an answer was not there.
        raise UnansweredError(NONSENSE) from None
    except OSError as error:
        raise UnansweredError(f"AWS cannot be asked: {error.strerror}.") from None


def _of_answer(error: ClientError) -> AwsError:
    """Return what an answer of AWS's means."""
    code = error.response.get("Error", {}).get("Code", "")
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    kind = kind_of(code, status)
    if kind is ForbiddenError:
        return _forbidden(error, code)
    words = ADVICE.get(code) or WORDS.get(kind)
    if kind is RefusedError:
        quote = f"AWS refuses {error.operation_name}: {_quote(error)}"
        words = f"{quote} {words}" if words else quote
    return kind(f"{words} ({code})", code)


def _forbidden(error: ClientError, code: str) -> AwsError:
    if error.operation_name == "AssumeRole":
        words = "The keys may not assume the role. Correct its ARN, or whom the role trusts."
        return CredentialsError(f"{words} ({code})", code)
    action = ACTIONS.get(code) or _lacking(error)
    words = ADVICE.get(code) or f"The keys' policy does not allow {action}. Add it to the policy."
    return ForbiddenError(f"{words} ({code})", code, action)


def _lacking(error: ClientError) -> str:
    """Return the action that AWS names, which may be another one than the one that was called."""
    found = LACKING.search(_message(error))
    operation = error.operation_name
    return found["action"] if found else f"{SERVICES.get(operation, 'ec2')}:{operation}"


def _message(error: ClientError) -> str:
    return error.response.get("Error", {}).get("Message", "")


def _quote(error: ClientError) -> str:
    words = " ".join(ENCODED.sub("", _message(error)).split())
    return words if len(words) <= LONGEST_QUOTE else f"{words[:LONGEST_QUOTE]}…"
