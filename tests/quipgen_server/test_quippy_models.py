"""Other people's models: chat models, large ones on small machines, and those that are none."""

from pathlib import Path
from typing import Any

import pytest
import torch
from transformers import AutoTokenizer, BertConfig, BertModel, Qwen3Config, Qwen3ForCausalLM

from quipgen_server import device, quippy
from quipgen_server.device import precision
from quipgen_server.errors import ModelError
from quipgen_server.persona import Persona, Tone
from quipgen_server.prompt import answered_line, completed_line
from quipgen_server.quippy import Quippy

from .tiny_model import save_tiny_model

MARVIN = Persona("Marvin", "A gloomy lift that was made a door.", Tone.SOMBRE)
CHAT = (
    "{% for message in messages %}<{{ message['role'] }}>{{ message['content'] }}\n{% endfor %}"
    "{% if add_generation_prompt %}<assistant>"
    "{% if enable_thinking is defined and not enable_thinking %}<no thinking>{% endif %}{% endif %}"
)


@pytest.fixture(scope="module")
def chat_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("chat")
    save_tiny_model(folder)
    tokenizer = AutoTokenizer.from_pretrained(folder)
    tokenizer.chat_template = CHAT
    tokenizer.save_pretrained(folder)
    shape: dict[str, Any] = {"hidden_size": 16, "intermediate_size": 32, "head_dim": 8}
    layers: dict[str, Any] = {"num_hidden_layers": 2, "num_attention_heads": 2}
    config = Qwen3Config(
        vocab_size=len(tokenizer), num_key_value_heads=1, eos_token_id=0, **shape, **layers
    )
    Qwen3ForCausalLM(config).save_pretrained(folder)
    return folder


def test_a_chat_model_is_asked_by_its_template(chat_model: Path) -> None:
    model = Quippy.load(chat_model)
    asked = str(model._tokenizer.decode(model._prompt(MARVIN)["input_ids"][0]))
    assert asked.startswith("<system>You are Marvin, an automatic door")
    assert MARVIN.description in asked
    assert "sombre" in asked
    assert asked.endswith("<assistant><no thinking>")


def test_a_chat_model_answers_in_lines(chat_model: Path) -> None:
    lines = Quippy.load(chat_model).candidates(MARVIN, 8, seed=1)
    assert len(lines) == 8
    assert not any("\n" in line for line in lines)


def test_a_completion_model_is_told_who_speaks(tiny_model: Path) -> None:
    model = Quippy.load(tiny_model)
    asked = str(model._tokenizer.decode(model._prompt(MARVIN)["input_ids"][0]))
    assert "Marvin" in asked
    assert MARVIN.description in asked
    assert asked.endswith('says: "')


def test_all_rows_go_on_from_the_prompt_as_if_each_had_read_it(
    tiny_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = Quippy.load(tiny_model)
    monkeypatch.setattr(model._model.generation_config, "top_k", 1)
    together = model.candidates(MARVIN, 4, seed=1)
    monkeypatch.setattr(model, "_started", lambda *_: {})
    assert model.candidates(MARVIN, 4, seed=1) == together


@pytest.mark.parametrize("model", ["tiny_model", "chat_model"])
def test_a_card_writes_what_a_cpu_writes(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, model: str
) -> None:
    writer = Quippy.load(request.getfixturevalue(model))
    monkeypatch.setattr(writer._model.generation_config, "top_k", 1)
    on_cpu = writer.candidates(MARVIN, 4, seed=1)
    monkeypatch.setattr(Quippy, "_on_card", True)
    assert writer._prompt(MARVIN)["input_ids"].shape[1] % quippy.BUCKET == 0
    assert writer.candidates(MARVIN, 4, seed=1)[:4] == on_cpu


def test_a_card_always_fills_its_batch(tiny_model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    writer = Quippy.load(tiny_model)
    monkeypatch.setattr(Quippy, "_on_card", True)
    monkeypatch.setattr(writer, "_batch", 8)
    assert len(writer.candidates(MARVIN, 10, seed=1)) == 16


@pytest.mark.parametrize(
    "fault", [torch.OutOfMemoryError("CUDA"), RuntimeError("not enough memory")]
)
def test_out_of_memory_halves_the_batch_and_goes_on(
    tiny_model: Path, monkeypatch: pytest.MonkeyPatch, fault: RuntimeError
) -> None:
    model = Quippy.load(tiny_model)
    generate, tried = model._model.generate, []

    def small_only(input_ids: torch.Tensor, **options: Any) -> torch.Tensor:
        tried.append(len(input_ids))
        if len(input_ids) > 10:
            raise fault
        written: torch.Tensor = generate(input_ids=input_ids, **options)
        return written

    monkeypatch.setattr(model._model, "generate", small_only)
    assert len(model.candidates(MARVIN, 20, seed=1)) == 20
    assert tried == [20, 10, 10]
    model.candidates(MARVIN, 20, seed=2)
    assert tried[3:] == [10, 10]


def test_no_memory_for_a_single_line_is_told(
    tiny_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = Quippy.load(tiny_model)

    def none(**_: Any) -> None:
        raise torch.OutOfMemoryError("CUDA out of memory")

    monkeypatch.setattr(model._model, "generate", none)
    with pytest.raises(ModelError, match="out of memory"):
        model.candidates(MARVIN, 4, seed=1)


def test_a_model_without_a_tokenizer_is_told(tmp_path: Path) -> None:
    save_tiny_model(tmp_path)
    for file in tmp_path.glob("*token*"):
        file.unlink()
    with pytest.raises(ModelError, match="lacks its tokenizer"):
        Quippy.load(tmp_path)


def test_a_model_that_does_not_write_is_told(tmp_path: Path) -> None:
    save_tiny_model(tmp_path)
    shape: dict[str, Any] = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2}
    BertModel(BertConfig(vocab_size=300, intermediate_size=16, **shape)).save_pretrained(tmp_path)
    with pytest.raises(ModelError, match="no language model that writes"):
        Quippy.load(tmp_path)


@pytest.mark.parametrize(
    ("cuda", "native", "expected"),
    [
        (False, False, torch.float32),
        (True, False, torch.float16),
        (True, True, torch.bfloat16),
    ],
)
def test_each_device_computes_in_what_it_does_best(
    *, cuda: bool, native: bool, expected: torch.dtype
) -> None:
    assert precision(cuda=cuda, native_bfloat16=native) == expected


def test_on_a_cpu_it_is_the_cpu() -> None:
    assert device.best_device() in ("cpu", "cuda")
    assert quippy.LARGEST_BATCH["cpu"] <= quippy.LARGEST_BATCH["cuda"]


@pytest.mark.parametrize(
    ("written", "line"),
    [
        ('Come in." said the door.', "Come in."),
        ("Come in. And then it", "Come in."),
        ("no end to it", "no end to it"),
        ("", ""),
    ],
)
def test_a_completed_line_ends_where_it_should(written: str, line: str) -> None:
    assert completed_line(written) == line


@pytest.mark.parametrize(
    ("written", "line"),
    [
        ('"Come in."', "Come in."),
        ("\n\n1. Come in.\n2. Go out.", "Come in."),
        ("Door: Come in, if you must", "Come in, if you must"),
        ("- *Come in!*", "Come in!"),
        ("Marvin: “Come in. I am so", "Come in."),
        ("  \n ", ""),
    ],
)
def test_an_answer_is_cleaned_of_what_chat_models_add(written: str, line: str) -> None:
    assert answered_line(written) == line
