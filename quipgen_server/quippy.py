"""Quippy, the language model that writes the lines: any causal model of transformers."""

import logging
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Self, cast

import torch
from safetensors import SafetensorError
from transformers import (
    AutoModelForCausalLM,
    AutoTokenizer,
    LogitsProcessorList,
    PreTrainedTokenizerBase,
    StaticCache,
    StoppingCriteria,
    StoppingCriteriaList,
)
from transformers.cache_utils import DynamicLayer
from transformers.utils import logging as transformers_logging

from .device import best_device, is_out_of_memory, quick_precision
from .errors import ModelError
from .models import BUILT_IN, find_model
from .persona import Persona
from .prompt import (
    DEFAULT_TEMPLATE,
    END_OF_LINE,
    answered_line,
    chat_for,
    completed_line,
    prompt_for,
)
from .sampling import Sampler
from .writing import Stopped, never

log = logging.getLogger(__name__)

LONGEST_LINE = 48  # tokens
UNLOADABLE = (OSError, ValueError, LookupError, RuntimeError, ImportError, SafetensorError)
CAUSAL = ("ForCausalLM", "LMHeadModel", "ForConditionalGeneration")
SMALL = 50_000_000  # parameters
LARGEST_BATCH = {"cpu": 64, "cuda": 128}
BUCKET = 32  # tokens; on a card prompts are padded to a multiple, so that few shapes are planned
FIXED_SHAPES = {
    "cache_implementation": "static",
    "disable_compile": True,  # graphs take longer to make than a server for one batch would save
}


class _Halt(StoppingCriteria):
    """Ends a row at a token that ends lines, and every row once the batch is stopped."""

    def __init__(self, line_ends: torch.Tensor, stopped: Stopped) -> None:
        self._line_ends = line_ends
        self._stopped = stopped

    def __call__(self, input_ids: torch.Tensor, *_: Any, **__: Any) -> torch.BoolTensor:
        ended = torch.isin(input_ids[:, -1], self._line_ends)
        return cast("torch.BoolTensor", ended | self._stopped())


class Quippy:
    """A loaded model: one with a chat template answers, any other completes its prompt."""

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
        self._chats = bool(getattr(tokenizer, "chat_template", None))
        self._batch = LARGEST_BATCH[model.device.type]
        end = "\n" if self._chats else END_OF_LINE
        self._line_ends = torch.tensor(_tokens_with(end, tokenizer), device=model.device)

    @classmethod
    def load(cls, model: str | Path | None = None) -> Self:
        """From a folder or a hub id; None is the built-in model. Raises ModelError."""
        source = find_model(model)
        _be_quiet()
        try:
            tokenizer = AutoTokenizer.from_pretrained(source, padding_side="left")
            network: Any = AutoModelForCausalLM.from_pretrained(source, dtype=quick_precision())
        except UNLOADABLE as error:
            log.warning("%s", error)
            raise ModelError(
                f"The language model {_name(source)} cannot be loaded; the log tells why. "
                "Give a folder made by `save_pretrained`, with its tokenizer, or the id of a "
                "causal model at the hub.",
            ) from error
        if not _writes(network) or not tokenizer(END_OF_LINE)["input_ids"]:
            raise ModelError(
                f"{_name(source)} is no language model that writes, or lacks its tokenizer. "
                "Give the id of a causal model, such as gpt2 or Qwen/Qwen3-1.7B.",
            )
        tokenizer.pad_token = tokenizer.pad_token or tokenizer.eos_token
        if network.num_parameters() < SMALL:
            # Threads gain it nothing, and made it 20 times slower on two cores that others use too.
            torch.set_num_threads(1)
        return cls(_name(source), network.to(best_device()).eval(), tokenizer)

    @torch.inference_mode()
    def candidates(
        self,
        persona: Persona,
        count: int,
        seed: int,
        stopped: Stopped = never,
    ) -> list[str]:
        """At least `count` raw lines: a card writes as many more in the same time, and always fills
        its batch. Blocks for as long as the model writes. Raises ModelError.
        """
        prompt = self._prompt(persona)
        room = self._room_after(prompt["input_ids"].shape[1])
        torch.manual_seed(seed)
        lines: list[str] = []
        while len(lines) < count:
            rows = self._batch if self._on_card else min(self._batch, count - len(lines))
            try:
                lines += self._lines(prompt, rows, room, stopped)
            except RuntimeError as error:
                if not is_out_of_memory(error) or self._batch == 1:
                    raise ModelError(f"The language model {self.name} failed: {error}") from error
                self._batch = max(1, rows // 2)
                log.warning("Out of memory: on with batches of %d", self._batch)
        return lines

    def _prompt(self, persona: Persona) -> dict[str, torch.Tensor]:
        """One row, which all candidates share."""
        text: Any = prompt_for(persona, self._template)
        if self._chats:
            text = self._tokenizer.apply_chat_template(
                chat_for(persona),
                tokenize=False,
                add_generation_prompt=True,
                enable_thinking=False,
            )
        return dict(
            self._tokenizer(
                text,
                add_special_tokens=not self._chats,
                return_tensors="pt",
                padding=self._on_card,
                pad_to_multiple_of=BUCKET if self._on_card else None,
            ).to(self._model.device),
        )

    def _lines(
        self, prompt: dict[str, torch.Tensor], rows: int, room: int, stopped: Stopped
    ) -> list[str]:
        started = FIXED_SHAPES if self._on_card else self._started(prompt, rows, room)
        written = self._model.generate(
            input_ids=prompt["input_ids"].repeat(rows, 1),
            attention_mask=prompt["attention_mask"].repeat(rows, 1),
            do_sample=False,  # the sampler has drawn when the greatest is taken
            logits_processor=LogitsProcessorList([Sampler(self._model.generation_config)]),
            max_new_tokens=room,
            pad_token_id=self._tokenizer.pad_token_id,
            stopping_criteria=StoppingCriteriaList([_Halt(self._line_ends, stopped)]),
            **started,
        )
        length = prompt["input_ids"].shape[1]
        texts = self._tokenizer.batch_decode(written[:, length:], skip_special_tokens=True)
        return [self._line_in(text) for text in texts]

    @property
    def _on_card(self) -> bool:
        return bool(self._model.device.type != "cpu")

    @property
    def _line_in(self) -> Callable[[str], str]:
        return answered_line if self._chats else completed_line

    def _started(self, prompt: dict[str, torch.Tensor], rows: int, room: int) -> dict[str, Any]:
        """The prompt read once for all rows, which takes a CPU longer than to write a line, into a
        cache with room for the line, which otherwise is copied for each of its tokens.
        """
        begun = prompt["input_ids"][:, :-1]
        if not begun.numel():
            return {}
        read = self._model(begun, use_cache=True).past_key_values
        if not all(isinstance(layer, DynamicLayer) for layer in read.layers):
            return {}  # a model that keeps more than keys and values, or only the last of them
        cache = StaticCache(self._model.config, max_cache_len=begun.shape[1] + 1 + room)
        for number, layer in enumerate(read.layers):
            keys, values = (kept.repeat(rows, 1, 1, 1) for kept in (layer.keys, layer.values))
            cache.update(keys, values, number)
        return {"past_key_values": cache}

    def _room_after(self, length: int) -> int:
        window = getattr(self._model.config, "max_position_embeddings", None)
        room = LONGEST_LINE if window is None else min(LONGEST_LINE, window - length)
        if room < 1:
            raise ModelError(
                f"The prompt has {length} tokens and the model reads {window}. "
                "Shorten the persona's description, or choose a larger model.",
            )
        return room


def _writes(network: Any) -> bool:
    """transformers loads encoders as causal models too, with a head of noise."""
    return any(name.endswith(CAUSAL) for name in network.config.architectures or [])


def _tokens_with(text: str, tokenizer: PreTrainedTokenizerBase) -> Sequence[int]:
    every = range(len(tokenizer))
    return [token for token in every if text in cast("str", tokenizer.decode([token]))]


def _be_quiet() -> None:
    transformers_logging.set_verbosity(logging.ERROR)
    transformers_logging.disable_progress_bar()
    logging.getLogger("huggingface_hub").handlers.clear()  # else it says all twice


def _name(source: str | Path) -> str:
    if source == BUILT_IN:
        return "quippy"
    return source.name if isinstance(source, Path) else source
