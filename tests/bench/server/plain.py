"""A plain `generate` of transformers, and the pipeline's writer without its filters."""

import torch

from quipgen_server import quippy
from quipgen_server.quippy import Quippy

from .shapes import DOOR


def written_plainly(model: Quippy, rows: int, tokens: int) -> list[str]:
    prompt = model._prompt(DOOR)
    with torch.inference_mode():
        written = model._model.generate(
            **prompt,
            do_sample=True,
            num_return_sequences=rows,
            min_new_tokens=tokens,
            max_new_tokens=tokens,
            pad_token_id=model._tokenizer.pad_token_id,
        )
    texts = model._tokenizer.batch_decode(written[:, prompt["input_ids"].shape[1] :])
    return [str(text) for text in texts]


def without_ends(model: Quippy, tokens: int) -> Quippy:
    """Noise ends lines by chance; here each has `tokens`."""
    quippy.LONGEST_LINE = tokens
    model._line_ends = torch.tensor([], dtype=torch.long, device=model._model.device)
    model._model.generation_config.eos_token_id = None
    return model
