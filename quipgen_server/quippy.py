"""Quippy, the language model that writes the lines: any causal model of transformers."""

import logging
from pathlib import Path
from typing import Any, Self, cast

import torch
from safetensors import SafetensorError
from transformers import (
    AutoModelForCausalLM,
    AutoTokenizer,
    PreTrainedTokenizerBase,
    StoppingCriteria,
    StoppingCriteriaList,
)
from transformers.utils import logging as transformers_logging

from .errors import ModelError
from .models import BUILT_IN, find_model
from .persona import Persona
from .prompt import DEFAULT_TEMPLATE, END_OF_LINE, prompt_for
from .writing import Stopped, never

LONGEST_LINE = 48  # tokens
UNLOADABLE = (OSError, ValueError, LookupError, RuntimeError, ImportError, SafetensorError)
SMALL = 50_000_000  # parameters


class _Halt(StoppingCriteria):
    """Ends every row at the next token once the batch is stopped."""

    def __init__(self, stopped: Stopped) -> None:
        self._stopped = stopped

    def __call__(self, input_ids: torch.Tensor, *_: Any, **__: Any) -> torch.BoolTensor:
        halted = torch.full((len(input_ids),), self._stopped(), device=input_ids.device)
        return cast("torch.BoolTensor", halted)


class Quippy:
    """A loaded model. It completes its prompt up to the closing quotation mark."""

    def __init__(
        self,
        name: str,
        model: Any,  # transformers types neither its `to` nor its `generate`
        tokenizer: PreTrainedTokenizerBase,
    ) -> None:
        self.name = name
        self._model = model
        self._tokenizer = tokenizer
        self._template = getattr(model.config, "prompt_template", DEFAULT_TEMPLATE)

    @classmethod
    def load(cls, model: str | Path | None = None) -> Self:
        """From a folder or a hub id; None is the built-in model. Raises ModelError."""
        source = find_model(model)
        _be_quiet()
        try:
            tokenizer = AutoTokenizer.from_pretrained(source, padding_side="left")
            network: Any = AutoModelForCausalLM.from_pretrained(source, dtype=_precision())
        except UNLOADABLE as error:
            raise ModelError(
                f"The language model {source} cannot be loaded: {error} "
                "Give a folder made by `save_pretrained`, or the id of a hub model.",
            ) from error
        tokenizer.pad_token = tokenizer.pad_token or tokenizer.eos_token
        if network.num_parameters() < SMALL:
            # Threads gain it nothing, and made it 20 times slower on two cores that others use too.
            torch.set_num_threads(1)
        return cls(_name(source), network.to(_device()).eval(), tokenizer)

    @torch.inference_mode()
    def candidates(
        self,
        persona: Persona,
        count: int,
        seed: int,
        stopped: Stopped = never,
    ) -> list[str]:
        """`count` raw lines. Blocks for as long as the model writes. Raises ModelError."""
        text = prompt_for(persona, self._template)
        prompt = self._tokenizer(text, return_tensors="pt").to(self._model.device)
        length = prompt["input_ids"].shape[1]
        torch.manual_seed(seed)
        try:
            written = self._model.generate(
                input_ids=prompt["input_ids"],
                attention_mask=prompt["attention_mask"],
                do_sample=True,
                num_return_sequences=count,
                max_new_tokens=self._room_after(length),
                pad_token_id=self._tokenizer.pad_token_id,
                stop_strings=[END_OF_LINE],
                tokenizer=self._tokenizer,
                stopping_criteria=StoppingCriteriaList([_Halt(stopped)]),
            )
        except RuntimeError as error:
            raise ModelError(f"The language model failed: {error}") from error
        texts = self._tokenizer.batch_decode(written[:, length:], skip_special_tokens=True)
        return [text.partition(END_OF_LINE)[0].strip() for text in texts]

    def _room_after(self, length: int) -> int:
        window = getattr(self._model.config, "max_position_embeddings", None)
        room = LONGEST_LINE if window is None else min(LONGEST_LINE, window - length)
        if room < 1:
            raise ModelError(
                f"The prompt has {length} tokens and the model reads {window}. "
                "Shorten the persona's description, or choose a larger model.",
            )
        return room


def _be_quiet() -> None:
    transformers_logging.set_verbosity(logging.ERROR)
    transformers_logging.disable_progress_bar()


def _name(source: str | Path) -> str:
    if source == BUILT_IN:
        return "quippy"
    return source.name if isinstance(source, Path) else source


def _device() -> str:
    return "cuda" if torch.cuda.is_available() else "cpu"


def _precision() -> torch.dtype:
    if not torch.cuda.is_available():
        return torch.float32
    native = torch.cuda.is_bf16_supported(including_emulation=False)
    return torch.bfloat16 if native else torch.float16
