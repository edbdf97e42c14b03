"""Where models run here, and in which precision."""

import torch


def best_device() -> str:
    return "cuda" if torch.cuda.is_available() else "cpu"


def quick_precision() -> torch.dtype:
    cuda = torch.cuda.is_available()
    native = cuda and torch.cuda.is_bf16_supported(including_emulation=False)
    return precision(cuda=cuda, native_bfloat16=native)


def precision(*, cuda: bool, native_bfloat16: bool) -> torch.dtype:
    """bfloat16 where a card computes in it, float16 on older ones, float32 on a CPU."""
    if not cuda:
        return torch.float32
    return torch.bfloat16 if native_bfloat16 else torch.float16


def is_out_of_memory(error: RuntimeError) -> bool:
    """A card says so by type, a CPU in words."""
    return isinstance(error, torch.OutOfMemoryError) or "not enough memory" in str(error)
