"""What speech recognition made of a name, and whose it is."""

import pytest

from custom_components.gppde.voice.ear import Ear

from ..assistant import LANGUAGES

EAR = Ear(LANGUAGES.values())
HOME = [(name, name) for name in ("Front door", "Garage door", "Garden shed", "Marvin", "Haustür")]


@pytest.mark.parametrize(
    ("spoken", "meant"),
    [
        ("Front door", "Front door"),
        ("FRONT-DOOR", "Front door"),
        ("frontdoor", "Front door"),
        ("frunt door", "Front door"),
        ("the front", "Front door"),
        ("to our front door please", "Front door"),
        ("does Marvin still have left", "Marvin"),
        ("Marvin's", "Marvin"),
        ("Marwin", "Marvin"),
        ("shed", "Garden shed"),
        ("haustur", "Haustür"),
        ("die Haustüre", "Haustür"),
        ("unserer Haus Tür", "Haustür"),
    ],
)
def test_a_name_is_found_whatever_became_of_it(spoken: str, meant: str) -> None:
    assert EAR.find(spoken, HOME) == [meant]


@pytest.mark.parametrize("spoken", ["cellar door", "garden door", "Gartentür", "Melvin", "haiku"])
def test_another_name_is_not_taken_for_one_that_looks_like_it(spoken: str) -> None:
    home = [(name, it) for name, it in HOME if name != "Garden shed"]
    assert EAR.find(spoken, home) == []


@pytest.mark.parametrize("spoken", [None, "", "please", "door", "die Tür bitte", "la porte"])
def test_without_a_name_everybody_may_be_meant(spoken: str | None) -> None:
    assert EAR.find(spoken, HOME) == [name for name, _ in HOME]


def test_the_longer_name_is_meant_where_it_contains_another() -> None:
    home = [("Garden", 1), ("Garden shed", 2)]
    assert EAR.find("the garden shed", home) == [2]
    assert EAR.find("the garden", home) == [1]


def test_several_that_fit_as_well_are_all_returned() -> None:
    assert EAR.find("garden", [("Garden gate", 1), ("Garden shed", 2)]) == [1, 2]


def test_a_door_that_is_called_door_can_be_meant() -> None:
    assert EAR.find("the door", [("Door", 1), ("Hatch", 2)]) == [1]


def test_a_name_is_repeated_without_the_words_around_it() -> None:
    assert EAR.name_in("does the grumpy Ziggy still have left, please") == "grumpy Ziggy"


@pytest.mark.parametrize("spoken", ["all doors", "everybody", "toutes", "alle Türen", "allemaal"])
def test_all_is_all_in_every_language(spoken: str) -> None:
    assert EAR.means_everyone(spoken)
    assert not EAR.means_everyone("the front door")
