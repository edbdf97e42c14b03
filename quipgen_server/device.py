"""Where models run here, and in which precision."""

import torch


def best_device() -> str:
    return "cuda" if torch.cuda.is_available() else "cpu"


def quick_precision() -> torch.dtype:
    """bfloat16 where the card computes in it, float16 on older ones, float32 on a CPU."""
    if not torch.cuda.is_available():
        return torch.float32
    native = torch.cuda.is_bf16_supported(including_emulation=False)
    return torch.bfloat16 if native else torch.float16


def is_out_of_memory(error: RuntimeError) -> bool:
    """A card says so by type, a CPU in words."""
    return isinstance(error, torch.OutOfMemoryError) or "not enough memory" in str(error)
