"""What came of something that was asked for, before it is put into words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from ..const import Tone
from ..errors import GppdeError

FAILURES = {
    "failed",
    "no_doors",
    "no_personas",
    "no_player",
    "no_source",
    "nothing_to_say",
    "unknown_door",
    "unknown_persona",
    "which_door",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """`key` names the reply, `who` whom it is about, `tone` is theirs; the rest is told in it.

    `heard` is a name that is nobody's, `known` are the names that there are.
    """

    key: str
    who: Sequence[str] = ()
    tone: Tone | None = None
    count: int = 0
    heard: str = ""
    known: Sequence[str] = ()

    @property
    def is_failure(self) -> bool:
        """Whether what was asked for did not happen."""
        return self.key in FAILURES


class NotUnderstoodError(GppdeError):
    """It is not clear who is meant, and `answer` says what would help."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.key)
        self.answer = answer


def gather(answers: Iterable[Answer]) -> list[Answer]:
    """Make one answer of all that say the same; several have no tone in common."""
    gathered: dict[str, Answer] = {}
    for answer in answers:
        if same := gathered.get(answer.key):
            answer = replace(same, who=[*same.who, *answer.who], tone=None)  # noqa: PLW2901
        gathered[answer.key] = answer
    return list(gathered.values())
