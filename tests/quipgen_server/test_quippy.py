import math
from pathlib import Path

import pytest
from transformers import GPT2LMHeadModel

from quipgen_server.errors import ModelError
from quipgen_server.persona import Persona
from quipgen_server.quippy import Quippy

from .tiny_model import save_tiny_model

DOOR = Persona("Door")


@pytest.fixture(scope="module")
def quippy(tiny_model: Path) -> Quippy:
    return Quippy.load(tiny_model)


def test_it_writes_as_many_candidates_as_asked(quippy: Quippy) -> None:
    lines = quippy.candidates(DOOR, 12, seed=1)
    assert len(lines) == 12
    assert len(set(lines)) > 6


def test_a_line_ends_at_the_closing_quotation_mark(quippy: Quippy) -> None:
    lines = quippy.candidates(DOOR, 64, seed=1)
    assert not any('"' in line or "<|endoftext|>" in line for line in lines)
    assert len({len(line) for line in lines}) > 6


def test_the_same_seed_writes_the_same(quippy: Quippy) -> None:
    first, again, other = (quippy.candidates(DOOR, 4, seed) for seed in (5, 5, 2**63 - 1))
    assert first == again != other


def test_a_stopped_model_ends_at_its_next_token(quippy: Quippy) -> None:
    lines = quippy.candidates(DOOR, 4, seed=1, stopped=lambda: True)
    assert all(len(line) < 10 for line in lines)


def test_it_is_named_after_its_folder(quippy: Quippy, tiny_model: Path) -> None:
    assert quippy.name == tiny_model.name


def test_a_model_may_bring_its_own_prompt(tmp_path: Path) -> None:
    save_tiny_model(tmp_path, prompt_template="{colour}")
    with pytest.raises(ModelError, match="prompt_template"):
        Quippy.load(tmp_path).candidates(DOOR, 1, seed=1)


def test_a_prompt_longer_than_the_model_reads_is_told(tmp_path: Path) -> None:
    save_tiny_model(tmp_path, window=32)
    with pytest.raises(ModelError, match="Shorten the persona's description"):
        Quippy.load(tmp_path).candidates(DOOR, 1, seed=1)


def test_a_line_stays_within_what_the_model_reads(tmp_path: Path) -> None:
    save_tiny_model(tmp_path, window=32, prompt_template='"')
    assert len(Quippy.load(tmp_path).candidates(DOOR, 3, seed=1)) == 3


def test_a_model_that_breaks_while_it_writes_is_told(tmp_path: Path) -> None:
    save_tiny_model(tmp_path)
    broken = GPT2LMHeadModel.from_pretrained(tmp_path)
    broken.lm_head.weight.data.fill_(math.nan)
    broken.save_pretrained(tmp_path)
    with pytest.raises(ModelError, match=r"The language model .* failed"):
        Quippy.load(tmp_path).candidates(DOOR, 1, seed=1)


@pytest.mark.parametrize("file", ["config.json", "model.safetensors", "tokenizer.json"])
@pytest.mark.parametrize("content", [b"", b"{}", b"garbage"])
def test_a_broken_model_is_told(tmp_path: Path, file: str, content: bytes) -> None:
    save_tiny_model(tmp_path)
    (tmp_path / file).write_bytes(content)
    with pytest.raises(ModelError, match="cannot be loaded"):
        Quippy.load(tmp_path)


def test_an_unknown_hub_model_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(ModelError, match="cannot be loaded"):
        Quippy.load("nobody/no-such-model")
