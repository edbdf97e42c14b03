"""Do sentences keep what fills their gaps, in every language?"""

from string import Formatter

from hypothesis import given
from hypothesis import strategies as st

from custom_components.gppde.errors import GppdeError, SourceError
from custom_components.gppde.words import Words

from .causes import GAP, LANGUAGES, messages

MESSAGES = {language: messages(language) for language in LANGUAGES}
ENGLISH = MESSAGES["en"]


def expected(message: str, fillers: dict[str, str]) -> str:
    """Fill the gaps by another way than ours."""
    pieces = Formatter().parse(message)
    return "".join(text + (fillers[gap] if gap else "") for text, gap, _, _ in pieces)


@given(key=st.sampled_from(sorted(ENGLISH)), filler=st.text() | st.just("{error} {0} {{"))
def test_whatever_fills_a_gap_comes_out_unchanged_in_every_language(key: str, filler: str) -> None:
    template = ENGLISH[key]
    fillers = {gap: f"{filler}{gap}" for gap in GAP.findall(template)}
    words = Words(template, **fillers)
    for spoken in MESSAGES.values():
        local = {template: spoken[key]}
        assert words.told(local.__getitem__) == expected(spoken[key], fillers)


@given(st.text())
def test_a_sentence_within_sentences_is_told_as_it_is_alone(text: str) -> None:
    cause = SourceError("It is {reason}.", reason=text)
    again = SourceError("{error} So it is.", error=SourceError("{error}", error=cause.words).words)
    assert str(again) == f"{cause} So it is."


def test_an_error_without_gaps_may_hold_braces() -> None:
    assert str(GppdeError("It {is} {0} {so.")) == "It {is} {0} {so."
