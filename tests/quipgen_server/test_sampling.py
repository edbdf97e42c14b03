from typing import Any, cast

import pytest
import torch
from transformers import (
    GenerationConfig,
    LogitsProcessorList,
    MinPLogitsWarper,
    TemperatureLogitsWarper,
    TopKLogitsWarper,
    TopPLogitsWarper,
)

from quipgen_server.sampling import TOP_K, Sampler

ROWS = 20_000
NO_IDS = torch.LongTensor([])
LOGITS = torch.tensor([[2.0, 1.0, 0.0, -1.0, -torch.inf]])


def shares(scores: torch.Tensor = LOGITS, **config: Any) -> torch.Tensor:
    """How often each token is drawn."""
    torch.manual_seed(1)
    rows = scores.expand(ROWS, -1)
    left = Sampler(GenerationConfig(**config))(NO_IDS, cast("torch.FloatTensor", rows))
    assert (torch.isfinite(left).sum(dim=1) == 1).all()
    return torch.bincount(left.argmax(dim=1), minlength=scores.shape[1]) / ROWS


@pytest.mark.parametrize("temperature", [0.5, 1.0, 2.0])
@pytest.mark.parametrize("top_k", [0, 3])
@pytest.mark.parametrize("top_p", [0.7, 1.0])
@pytest.mark.parametrize("min_p", [0.0, 0.2])
def test_tokens_come_as_often_as_transformers_would_draw_them(
    temperature: float, top_k: int, top_p: float, min_p: float
) -> None:
    theirs = LogitsProcessorList([TemperatureLogitsWarper(temperature)])
    if top_k:
        theirs.append(TopKLogitsWarper(top_k))
    theirs += [TopPLogitsWarper(top_p), MinPLogitsWarper(min_p)]
    expected = torch.softmax(theirs(NO_IDS, cast("torch.FloatTensor", LOGITS.clone())), dim=1)[0]
    drawn = shares(temperature=temperature, top_k=top_k, top_p=top_p, min_p=min_p)
    assert torch.allclose(drawn, expected, atol=0.015)


def test_a_token_without_a_chance_is_never_drawn() -> None:
    assert shares(top_k=0)[4] == 0


def test_the_likeliest_alone_is_left_of_a_small_top_p() -> None:
    assert shares(top_k=0, top_p=0.01)[0] == 1


def test_a_model_without_settings_gets_those_that_are_usual() -> None:
    even = torch.zeros(1, 2 * TOP_K)
    assert torch.count_nonzero(shares(even)) == TOP_K
