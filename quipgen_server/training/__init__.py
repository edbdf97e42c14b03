"""How the built-in model is made: corpus and grammar, tokenizer, training."""
