"""Trains the built-in model: a small GPT-2, from the corpus alone, on a CPU, in minutes."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import torch
from transformers import GenerationConfig, GPT2LMHeadModel, PreTrainedTokenizerFast

from quipgen_server.persona import Tone

from .corpus import Swaps, generated, grammar_of, spliced, written
from .fit import Clock, Pace, fit
from .network import WINDOW, new_model
from .tokenizer import train_tokenizer

PROMPT = 'A {tone} door said: "'


@dataclass(frozen=True)
class Recipe:
    """Lines a tone: `generated` by the grammar, `spliced` of two that were written, and `copies` of
    each: with more of them it learns the corpus by heart.
    """

    generated: int = 7000
    spliced: int = 3000
    copies: int = 4
    pace: Pace = field(default_factory=Pace)


def train(
    output: Path,
    *,
    minutes: float | None = None,
    seed: int = 42,
    report: Callable[[str], None] = print,
    recipe: Recipe | None = None,
) -> None:
    """Writes a model folder for transformers, after `minutes` of training at the latest."""
    recipe = recipe or Recipe()
    output.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(seed)
    torch.set_num_threads(1)  # threads lose more time in waiting than such small matrices take
    random = Random(seed)  # noqa: S311  it guards nothing
    texts = lesson(recipe, random)
    report(f"{len(texts)} lines to learn from")
    tokenizer = train_tokenizer(texts, WINDOW)
    model = new_model(tokenizer)
    fit(model, tokenizer(texts)["input_ids"], recipe.pace, random, Clock(minutes), report)
    _save(model, tokenizer, output)
    report(f"The model is in {output}")


def lesson(recipe: Recipe, random: Random) -> list[str]:
    """Prompts completed by their lines."""
    return [
        f'{PROMPT.format(tone=tone)}{line}"'
        for tone in Tone
        for line in [
            *generated(tone, recipe.generated, random),
            *_varied(tone, spliced(tone, recipe.spliced, random), random),
            *_varied(tone, written(tone) * recipe.copies, random),
        ]
    ]


def _varied(tone: Tone, lines: Iterable[str], random: Random) -> list[str]:
    swaps = Swaps(grammar_of(tone))
    return [swaps.vary(line, random) for line in lines]


def _save(model: GPT2LMHeadModel, tokenizer: PreTrainedTokenizerFast, output: Path) -> None:
    model.config.prompt_template = PROMPT
    model.generation_config = GenerationConfig(
        do_sample=True,
        temperature=1.1,
        top_k=0,
        min_p=0.1,  # what it finds much less likely than another word is most often nonsense
        max_length=WINDOW,
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
    )
    model.half().save_pretrained(output)
    tokenizer.save_pretrained(output)
