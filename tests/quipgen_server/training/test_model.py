"""The model in the package."""

import json
from pathlib import Path

import pytest

from quipgen_server import quippy
from quipgen_server.form import fault_of
from quipgen_server.mood import FITS, mood_of
from quipgen_server.persona import Persona, Tone
from quipgen_server.quippy import Quippy
from quipgen_server.training.corpus import written

MODEL = Path(quippy.__file__).with_name("model")


@pytest.fixture(scope="module")
def samples() -> dict[Tone, list[str]]:
    model = Quippy.load(MODEL)
    return {tone: model.candidates(Persona("Porter", tone=tone), 40, seed=1) for tone in Tone}


def test_the_weights_are_small_enough_for_the_package() -> None:
    assert (MODEL / "model.safetensors").stat().st_size <= 8_000_000


def test_the_files_hold_no_path_of_the_machine_they_were_made_on() -> None:
    for file in MODEL.glob("*config.json"):
        values = json.loads(file.read_text()).values()
        assert not any(str(value).startswith("/") for value in values)


@pytest.mark.parametrize("tone", Tone)
def test_its_lines_are_new(samples: dict[Tone, list[str]], tone: Tone) -> None:
    known = {line for other in Tone for line in written(other)}
    assert sum(line in known for line in samples[tone]) <= 4
    assert len(set(samples[tone])) >= 36


@pytest.mark.parametrize("tone", Tone)
def test_its_lines_are_well_formed(samples: dict[Tone, list[str]], tone: Tone) -> None:
    assert sum(fault_of(line) is None for line in samples[tone]) >= 36


@pytest.mark.parametrize("tone", Tone)
def test_its_lines_have_the_mood_of_their_tone(samples: dict[Tone, list[str]], tone: Tone) -> None:
    fit = FITS[tone]
    assert sum(fit.lowest <= mood_of(line) <= fit.highest for line in samples[tone]) >= 30
