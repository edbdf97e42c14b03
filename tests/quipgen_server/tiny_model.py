"""A GPT-2 so small that it loads at once; its weights are random, so it writes noise."""

from pathlib import Path
from typing import Any

from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import GPT2Config, GPT2LMHeadModel, PreTrainedTokenizerFast

END = "<|endoftext|>"


def save_tiny_model(folder: Path, window: int = 1024, **config: Any) -> None:
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(vocab_size=300, special_tokens=[END], initial_alphabet=alphabet)
    tokenizer.train_from_iterator(['A sunny door said: "Come in!"'], trainer)
    fast = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        eos_token=END,
    )
    fast.save_pretrained(folder)
    shape: dict[str, Any] = {"n_positions": window, "n_embd": 16, "n_layer": 1, "n_head": 2}
    ends = {"vocab_size": len(fast), "bos_token_id": 0, "eos_token_id": 0}
    GPT2LMHeadModel(GPT2Config(**shape | ends | config)).save_pretrained(folder)
