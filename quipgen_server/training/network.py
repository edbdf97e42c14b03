"""The shape of the built-in model: its weights must stay under 8 MB in half precision."""

from transformers import GPT2Config, GPT2LMHeadModel, PreTrainedTokenizerFast

WINDOW = 64  # tokens


def new_model(tokenizer: PreTrainedTokenizerFast) -> GPT2LMHeadModel:
    return GPT2LMHeadModel(
        GPT2Config(
            vocab_size=len(tokenizer),
            n_positions=WINDOW,
            n_embd=192,
            n_layer=5,
            n_head=4,
            activation_function="gelu",
            resid_pdrop=0.0,  # the lines are too many to learn by heart
            embd_pdrop=0.0,
            attn_pdrop=0.0,
            bos_token_id=tokenizer.bos_token_id,
            eos_token_id=tokenizer.eos_token_id,
        ),
    )
