import pytest
from hypothesis import given
from hypothesis import strategies as st

from quipgen_server.form import fault_of, tidy
from quipgen_server.persona import Tone

from .writers import lines_of

WOODS = ("oaken", "ashen", "wooden", "cedar", "walnut", "cherry", "willow", "hazel", "elder")


@pytest.mark.parametrize(
    "line",
    [
        "Come in, come in!",
        "'Tis only a draught.",
        "I opened (again) at 7 o'clock.",
        "Well, well. You're back?",
        "Mind the step \u2013 it minds you\u2026!",
        "Café hours are over, señor.",
    ],
)
def test_a_good_line_has_no_fault(line: str) -> None:
    assert fault_of(line) is None


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("", "begins or ends in the middle"),
        ("and then I opened.", "begins or ends in the middle"),
        ("I was about to", "begins or ends in the middle"),
        ("I was about to…", "begins or ends in the middle"),
        ("I am a door #1.", "has signs that cannot be spoken"),
        ("I am a [[door]] now.", "has signs that cannot be spoken"),
        ('She said "open" to me.', "has signs that cannot be spoken"),
        ("I am a door \u263a today.", "has signs that cannot be spoken"),
        ("Hello, дверь, my friend.", "has signs that cannot be spoken"),
        ("Visit www.doors today!", "holds an address"),
        ("Visit doors.com today!", "holds an address"),
        ("Call 12345 for doors.", "holds a list of numbers"),
        ("It is 1, 2, 3 o'clock.", "holds a list of numbers"),
        ("I am am a door.", "stutters"),
        ("I am The the door.", "stutters"),
        ("I am locked. your line.", "begins or ends in the middle"),
        ("My welcome has worn outFourteen neighbours.", "runs words together"),
        ("I am , well, a door.", "has stray punctuation"),
        ("I am a door.....", "has stray punctuation"),
        ("Hello you.", "is too short"),
        ("I " + "really " * 3 + "x" * 3 + " y" * 25 + ".", "stutters"),
        (
            "I opened " + " and ".join(f"the {wood} door" for wood in WOODS) + ".",
            "takes too long to say",
        ),
        ("I am (still a door.", "has an open bracket"),
        ("I am) still (a door.", "has an open bracket"),
        ("I had a door and I had a door.", "goes round in circles"),
    ],
)
def test_a_fault_is_named(line: str, fault: str) -> None:
    assert fault_of(line) == fault


def test_a_raw_line_is_tidied() -> None:
    assert tidy(' "Come \n  in, friend." ') == "Come in, friend."


@pytest.mark.parametrize("tone", Tone)
def test_what_people_wrote_has_hardly_a_fault(tone: Tone) -> None:
    lines = lines_of(tone)
    assert sum(fault_of(tidy(line)) is not None for line in lines) < len(lines) / 50


@given(st.text())
def test_any_text_is_judged_and_what_passes_can_be_spoken(text: str) -> None:
    line = tidy(text)
    if fault_of(line) is None:
        assert line.isprintable()
        assert line[-1] in ".!?"
        assert 3 <= len(line.split()) <= 25
