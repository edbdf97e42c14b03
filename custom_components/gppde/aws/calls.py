"""Turns what botocore raises into our own errors, in words that tell a person what to do.

None of them keeps its cause, nor quotes it where it may hold a secret: AWS repeats what was signed.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError

from ..words import Words
from .codes import ACTIONS, ADVICE, SERVICES, WORDS, kind_of
from .errors import AwsError, CredentialsError, ForbiddenError, RefusedError, UnansweredError
from .unanswered import of_way

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
        raise UnansweredError(
            "What AWS answers makes no sense. Try again in some minutes."
        ) from None
    except OSError as error:
        raise UnansweredError(
            "AWS cannot be asked: {reason}.", reason=error.strerror or type(error).__name__
        ) from None


def _of_answer(error: ClientError) -> AwsError:
    """Return what an answer of AWS's means."""
    code = error.response.get("Error", {}).get("Code", "")
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    kind = kind_of(code, status)
    if kind is ForbiddenError:
        return _forbidden(error, code)
    return kind("{words} ({code})", code, words=_words(error, kind, code))


def _words(error: ClientError, kind: type[AwsError], code: str) -> Words:
    advice = ADVICE.get(code) or WORDS.get(kind)
    if advice and kind is not RefusedError:
        return advice
    quote = Words(
        "AWS refuses {operation}: {quote}", operation=error.operation_name, quote=_quote(error)
    )
    return Words("{quote} {advice}", quote=quote, advice=advice) if advice else quote


def _forbidden(error: ClientError, code: str) -> AwsError:
    if error.operation_name == "AssumeRole":
        return CredentialsError(
            "The keys may not assume the role. Correct its ARN, or whom the role trusts. ({code})",
            code,
        )
    action = ACTIONS.get(code) or _lacking(error)
    words = ADVICE.get(code) or Words(
        "The keys' policy does not allow {action}. Add it to the policy.", action=action
    )
    return ForbiddenError("{words} ({code})", code, action, words=words)


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
