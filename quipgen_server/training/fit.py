"""Fits a causal model to lines of tokens: AdamW, a short warm-up, then a cosine down to nothing."""

import math
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from random import Random
from statistics import fmean

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy
from torch.nn.utils.rnn import pad_sequence
from transformers import PreTrainedModel

_IGNORED = -100  # the label that cross_entropy leaves out
_POOL = 16  # batches cut from one pool of lines, sorted by length to save padding
_REPORT_EVERY = 250  # steps


@dataclass(frozen=True)
class Pace:
    steps: int = 9_000
    batch: int = 16
    rate: float = 2e-3
    warm_up: float = 0.04  # of the whole
    decay: float = 0.1

    def rate_at(self, progress: float) -> float:
        """`progress` goes from 0 to 1."""
        if progress < self.warm_up:
            return self.rate * progress / self.warm_up
        return self.rate * (1 + math.cos(math.pi * min(progress, 1.0))) / 2


class Clock:
    """How much of the time is spent, from 0 to 1; without a limit none ever is."""

    def __init__(self, minutes: float | None) -> None:
        self._seconds = math.inf if minutes is None else minutes * 60
        self._started = time.monotonic()

    def spent(self) -> float:
        elapsed = time.monotonic() - self._started
        return elapsed / self._seconds if elapsed < self._seconds else 1.0


def fit(
    model: PreTrainedModel,
    lines: Sequence[Sequence[int]],
    pace: Pace,
    random: Random,
    clock: Clock,
    report: Callable[[str], None],
) -> None:
    """Takes all of the pace's steps, or as many as the clock allows."""
    optimizer = torch.optim.AdamW(
        model.parameters(), betas=(0.9, 0.98), weight_decay=pace.decay, fused=True
    )
    model.train()
    losses: deque[float] = deque(maxlen=_REPORT_EVERY)
    for step, batch in enumerate(_batches(lines, pace.batch, random)):
        progress = max(step / pace.steps, clock.spent())
        if progress >= 1:
            break
        for group in optimizer.param_groups:
            group["lr"] = pace.rate_at(progress)
        losses.append(_step(model, optimizer, batch))
        if step % _REPORT_EVERY == 0:
            report(f"{progress:4.0%}  step {step}  loss {fmean(losses):.3f}")
    model.eval()


def _step(model: PreTrainedModel, optimizer: torch.optim.Optimizer, batch: Tensor) -> float:
    logits = model(input_ids=batch.clamp(min=0)).logits
    loss = cross_entropy(logits[:, :-1].flatten(0, 1), batch[:, 1:].flatten())
    loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    optimizer.zero_grad()
    return loss.item()


def _batches(lines: Sequence[Sequence[int]], size: int, random: Random) -> Iterator[Tensor]:
    """Batches without end, of lines of like length."""
    while True:
        order = random.sample(lines, len(lines))
        for start in range(0, len(order), size * _POOL):
            pool = sorted(order[start : start + size * _POOL], key=len)
            batches = [pool[i : i + size] for i in range(0, len(pool), size)]
            random.shuffle(batches)
            yield from map(_padded, batches)


def _padded(batch: Sequence[Sequence[int]]) -> Tensor:
    rows = [torch.tensor(line) for line in batch]
    return pad_sequence(rows, batch_first=True, padding_value=_IGNORED)
