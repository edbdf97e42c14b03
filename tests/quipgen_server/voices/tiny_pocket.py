"""A voice model of the real shape and no size, with random weights: it mumbles."""

from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer, models, pre_tokenizers, trainers
from transformers import (
    PocketTTSAudioTokenizerConfig,
    PocketTTSAudioTokenizerModel,
    PocketTTSConfig,
    PocketTTSFeatureExtractor,
    PocketTTSForConditionalGeneration,
    PocketTTSProcessor,
    PreTrainedTokenizerFast,
)

SPECIAL = {
    "audio_prompt_token": "<voice>",
    "audio_latent_token": "<sound>",
    "audio_prompt_bos_token": "<before-voice>",
    "audio_bos_token": "<before-sound>",
}
TEMPLATE = (
    "{% for message in messages %}{% for item in message['content'] %}"
    "{% if item['type'] == 'audio' %}<before-voice><voice>"
    "{% else %}{{ item['text'] }}<before-sound>{% endif %}"
    "{% endfor %}{% endfor %}"
)
LATENT = 8
QUIETER = 0.7  # random weights shout


def save_tiny_pocket(folder: Path) -> None:
    torch.manual_seed(1)
    tokenizer = _tokenizer()
    codec = folder / "codec"  # a processor remembers where its codec was loaded from
    tokenizer_model = PocketTTSAudioTokenizerModel(_codec())
    for name, weights in tokenizer_model.named_parameters():
        if name.startswith("decoder") and weights.ndim > 1:
            weights.data *= QUIETER
    tokenizer_model.save_pretrained(codec)
    processor = PocketTTSProcessor(
        PocketTTSFeatureExtractor(),
        tokenizer,
        audio_tokenizer=PocketTTSAudioTokenizerModel.from_pretrained(codec),
        chat_template=TEMPLATE,
    )
    model = PocketTTSForConditionalGeneration(_model(tokenizer))
    processor.save_pretrained(folder)
    model.save_pretrained(folder)


def _tokenizer() -> PreTrainedTokenizerFast:
    letters = Tokenizer(models.BPE(unk_token="?"))
    letters.pre_tokenizer = pre_tokenizers.Whitespace()
    trainer = trainers.BpeTrainer(
        vocab_size=300,
        special_tokens=["<pad>", "?", *SPECIAL.values()],
        initial_alphabet=[chr(code) for code in range(33, 127)],
        show_progress=False,
    )
    letters.train_from_iterator(["the door opens and says hello"], trainer)
    return PreTrainedTokenizerFast(
        tokenizer_object=letters,
        pad_token="<pad>",
        unk_token="?",
        padding_side="left",
        extra_special_tokens=SPECIAL,
    )


def _model(tokenizer: PreTrainedTokenizerFast) -> PocketTTSConfig:
    ids: dict[str, Any] = {
        f"{name}_id": tokenizer.convert_tokens_to_ids(token) for name, token in SPECIAL.items()
    }
    return PocketTTSConfig(
        vocab_size=len(tokenizer),
        hidden_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=64,
        latent_dim=LATENT,
        pad_token_id=tokenizer.pad_token_id,
        flow_head_config={
            "hidden_size": 32,
            "num_hidden_layers": 1,
            "latent_dim": LATENT,
            "condition_dim": 32,
        },
        **ids,
    )


def _codec() -> PocketTTSAudioTokenizerConfig:
    return PocketTTSAudioTokenizerConfig(
        hidden_size=32,
        num_filters=4,
        upsample_groups=32,
        num_hidden_layers=1,
        intermediate_size=64,
        num_attention_heads=2,
        num_key_value_heads=2,
        latent_dim=LATENT,
    )
