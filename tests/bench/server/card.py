"""What a graphics card makes of it: plain `generate`, fixed shapes, graphs, and what its memory
would allow if nothing else took time.
"""

import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

import torch
from transformers import CompileConfig

from quipgen_server import quippy
from quipgen_server.quippy import Quippy

from .plain import without_ends, written_plainly
from .shapes import DOOR, SHAPES, save_model

BATCHES = (64, 128, 256, 512)
TOKENS = 24
CANDIDATES_PER_QUIP = 6.4  # as in the table of ways
ROUNDS = 3
COPIED = 2**30  # bytes
GRAPHS = {
    "cache_implementation": "static",
    "compile_config": CompileConfig(mode="reduce-overhead"),
}


@dataclass(frozen=True)
class Speed:
    """New tokens a second."""

    shape: str
    batch: int
    plain: float
    fixed: float
    graphs: float
    bound: float

    @property
    def quips(self) -> float:
        """A second."""
        return self.graphs / TOKENS / CANDIDATES_PER_QUIP


def speeds() -> Iterator[Speed]:
    for shape in SHAPES:
        with tempfile.TemporaryDirectory() as folder:
            save_model(shape, Path(folder))
            model = without_ends(Quippy.load(folder), TOKENS)
        for batch in BATCHES:
            yield speed(shape, model, batch)


def speed(shape: str, model: Quippy, batch: int) -> Speed:
    model._batch = batch
    tokens = batch * TOKENS
    fixed = tokens / quickest(lambda: model.candidates(DOOR, batch, seed=1))
    with patch.object(quippy, "FIXED_SHAPES", GRAPHS):
        graphs = tokens / quickest(lambda: model.candidates(DOOR, batch, seed=1))
    plain = tokens / quickest(lambda: written_plainly(model, batch, TOKENS))
    return Speed(shape, batch, plain, fixed, graphs, bound(model, batch))


def quickest(work: Callable[[], object]) -> float:
    """In seconds, of a few rounds after one to warm up."""
    work()
    return min(timed(work) for _ in range(ROUNDS))


def timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    torch.cuda.synchronize()
    return time.perf_counter() - start


def bound(model: Quippy, batch: int) -> float:
    """Each step reads all weights, and the keys and values of each row's whole room."""
    network = model._model
    config = network.config
    weights = sum(weight.numel() * weight.element_size() for weight in network.parameters())
    heads = getattr(config, "num_key_value_heads", config.num_attention_heads)
    width = getattr(config, "head_dim", config.hidden_size // config.num_attention_heads)
    room = model._prompt(DOOR)["input_ids"].shape[1] + TOKENS
    row = 2 * config.num_hidden_layers * heads * width * room * network.dtype.itemsize
    return float(batch * bandwidth() / (weights + batch * row))


def bandwidth() -> float:
    """Bytes a second that the card's memory reads, by copying: half is read, half written."""
    there = torch.empty(COPIED, dtype=torch.uint8, device="cuda")
    here = torch.empty_like(there)
    return 2 * COPIED / quickest(lambda: here.copy_(there))


def print_table(rows: list[Speed]) -> None:
    print(f"{torch.cuda.get_device_name()}, {TOKENS} new tokens a line; tokens a second")
    print(f"{'':<12}{'batch':>7}{'plain':>10}{'fixed':>10}{'graphs':>10}{'bound':>10}{'quips':>8}")
    for row in rows:
        print(
            f"{row.shape:<12}{row.batch:>7}{row.plain:>10.0f}{row.fixed:>10.0f}{row.graphs:>10.0f}"
            f"{row.bound:>10.0f}{row.quips:>8.1f}"
        )
