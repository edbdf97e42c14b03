"""How the next token is drawn."""

import torch
from transformers import GenerationConfig, LogitsProcessor

TOP_K = 50  # where a model's own settings name none


class Sampler(LogitsProcessor):
    """Leaves one token of each row, drawn by the model's temperature, top k, top p and min p.

    Only the likely tokens are weighed and drawn from: transformers draws among the whole
    vocabulary, and a CPU spends a fifth of GPT-2's time on the dice for words of no chance.
    """

    def __init__(self, config: GenerationConfig) -> None:
        self._temperature = config.temperature or 1.0
        self._top_k = TOP_K if config.top_k is None else config.top_k
        self._top_p = config.top_p or 1.0
        self._min_p = config.min_p or 0.0

    def __call__(
        self,
        input_ids: torch.LongTensor,  # noqa: ARG002  transformers' interface
        scores: torch.FloatTensor,
    ) -> torch.FloatTensor:
        """`scores` are rows of logits; all but the drawn token's become -inf."""
        likely, tokens = scores.topk(min(self._top_k or scores.shape[1], scores.shape[1]))
        chances = torch.softmax(likely.float() / self._temperature, dim=-1)
        before = chances.cumsum(dim=-1) - chances
        unlikely = (before > self._top_p) | (chances < self._min_p * chances[:, :1])
        drawn = torch.multinomial(chances.masked_fill(unlikely, 0), 1)
        alone = torch.full_like(scores, -torch.inf)
        return alone.scatter_(1, tokens.gather(1, drawn), 0)  # type: ignore[return-value]
