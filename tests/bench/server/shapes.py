"""Models of real shapes and random weights, with words of random letters."""

from collections.abc import Callable
from itertools import chain, islice, product
from pathlib import Path
from string import ascii_lowercase

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from transformers import (
    GPT2Config,
    GPT2LMHeadModel,
    PreTrainedModel,
    PreTrainedTokenizerFast,
    Qwen3Config,
    Qwen3ForCausalLM,
)

from quipgen_server.persona import Persona
from quipgen_server.prompt import chat_for, prompt_for

DOOR = Persona("Door")
END = "<|endoftext|>"
CHAT = "{% for message in messages %}{{ message['content'] }}\n{% endfor %}"


def gpt2() -> PreTrainedModel:
    return GPT2LMHeadModel(GPT2Config())


def chat_model() -> PreTrainedModel:
    """Qwen3-1.7B's shape."""
    return Qwen3ForCausalLM(
        Qwen3Config(
            vocab_size=151_936,
            hidden_size=2048,
            intermediate_size=6144,
            num_hidden_layers=28,
            num_attention_heads=16,
            num_key_value_heads=8,
            head_dim=128,
            tie_word_embeddings=True,
        )
    )


SHAPES: dict[str, Callable[[], PreTrainedModel]] = {"GPT-2": gpt2, "1.7B chat": chat_model}


def save_model(shape: str, folder: Path) -> None:
    torch.manual_seed(1)
    model = SHAPES[shape]()
    model.save_pretrained(folder)
    save_tokenizer(folder, model.config.vocab_size, CHAT if "chat" in shape else None)


def save_tokenizer(folder: Path, size: int, template: str | None = None) -> None:
    """The words of the prompt, which become a token each, and random ones besides."""
    split = pre_tokenizers.ByteLevel(add_prefix_space=False)
    asked = [prompt_for(DOOR), *(message["content"] for message in chat_for(DOOR)), "\n"]
    known = [word for text in asked for word, _ in split.pre_tokenize_str(text)]
    random = ("Ġ" + "".join(letters) for letters in product(ascii_lowercase, repeat=4))
    words = dict.fromkeys(chain([END], known, random))
    vocabulary = {word: number for number, word in enumerate(islice(words, size))}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token=END))
    tokenizer.pre_tokenizer, tokenizer.decoder = split, decoders.ByteLevel()
    fast = PreTrainedTokenizerFast(tokenizer_object=tokenizer, eos_token=END)
    fast.chat_template = template
    fast.save_pretrained(folder)
