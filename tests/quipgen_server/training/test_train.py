"""Training, for a few seconds, and what comes out of it."""

import json
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

from quipgen_server.persona import Persona, Tone
from quipgen_server.quippy import Quippy
from quipgen_server.training.fit import Pace
from quipgen_server.training.train import PROMPT, Recipe, lesson, train

TINY = Recipe(generated=40, copies=1, pace=Pace(steps=40, batch=8))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    output = tmp_path_factory.mktemp("models") / "new" / "model"
    train(output, recipe=TINY, report=lambda _: None)
    return output


@pytest.fixture(autouse=True)
def _one_thread() -> Iterator[None]:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def test_a_trained_folder_is_one_that_transformers_loads(folder: Path) -> None:
    model = AutoModelForCausalLM.from_pretrained(folder)
    tokenizer = AutoTokenizer.from_pretrained(folder)
    text = 'A sunny door said: "Welcome, and mind the step!"'
    assert tokenizer.decode(tokenizer(text)["input_ids"]) == text
    assert model.config.prompt_template == PROMPT
    assert model.dtype == torch.float16


def test_quippy_writes_with_a_trained_folder(folder: Path) -> None:
    lines = Quippy.load(folder).candidates(Persona(name="Porter", tone=Tone.SOMBRE), 3, seed=1)
    assert len(lines) == 3


def test_training_teaches(folder: Path) -> None:
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32)
    tokens = AutoTokenizer.from_pretrained(folder)("A sunny door said:", return_tensors="pt")
    loss = model(**tokens, labels=tokens["input_ids"]).loss
    assert loss < 3  # 7 and more before


def test_the_same_seed_trains_the_same_model(folder: Path, tmp_path: Path) -> None:
    train(tmp_path, recipe=TINY, report=lambda _: None)
    for file in folder.iterdir():
        assert (tmp_path / file.name).read_bytes() == file.read_bytes(), file.name


def test_a_trained_folder_does_not_tell_where_it_was_made(folder: Path) -> None:
    for file in folder.glob("*.json"):
        assert str(folder.parent) not in file.read_text()
        json.loads(file.read_text())


def test_training_ends_when_its_time_is_up(tmp_path: Path) -> None:
    reports: list[str] = []
    endless = Recipe(generated=10, copies=1, pace=Pace(steps=10**9, batch=4))
    train(tmp_path, minutes=0.02, recipe=endless, report=reports.append)
    assert (tmp_path / "model.safetensors").is_file()
    assert str(tmp_path) in reports[-1]


def test_a_lesson_has_every_tone_and_every_written_line() -> None:
    texts = lesson(Recipe(generated=5, copies=2), Random(1))
    for tone in Tone:
        told = [text for text in texts if text.startswith(PROMPT.format(tone=tone))]
        assert len(told) > 2 * 140
        assert all(text.endswith('"') for text in told)
