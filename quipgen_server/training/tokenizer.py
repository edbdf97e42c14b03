"""A tokenizer of whole words, so that the model cannot spell one that nobody wrote."""

from collections.abc import Iterable

from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import PreTrainedTokenizerFast

END = "<|endoftext|>"
UNKNOWN = "<|unknown|>"
MOST_WORDS = 10_000  # with and without the space before; the corpus has a third of that


def train_tokenizer(texts: Iterable[str], window: int) -> PreTrainedTokenizerFast:
    """`window`: the most tokens that the model reads."""
    tokenizer = Tokenizer(models.WordLevel(unk_token=UNKNOWN))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.WordLevelTrainer(
        vocab_size=MOST_WORDS,
        special_tokens=[END, UNKNOWN],
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        bos_token=END,
        eos_token=END,
        pad_token=END,
        unk_token=UNKNOWN,
        padding_side="left",
        model_max_length=window,
        clean_up_tokenization_spaces=False,
    )
