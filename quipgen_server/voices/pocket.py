"""Pocket TTS through transformers: speaks like a reference clip."""

import logging
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import Any

import numpy as np
import torch
from safetensors import SafetensorError
from transformers import PocketTTSForConditionalGeneration, PocketTTSProcessor
from transformers.utils import logging as transformers_logging

from quipgen_server.device import best_device, quick_precision
from quipgen_server.errors import VoiceError
from quipgen_server.form import LONGEST
from quipgen_server.persona import Persona

from . import Speech

NAME = "pocket-tts"
DEFAULT_MODEL = "kyutai/pocket-tts"
GPU_BATCH = 16
CPU_BATCH = 4
DECODED_AT_ONCE = 2  # on a CPU, where the codec takes most of the time and gains least from company
DEADLINE = 30.0  # seconds for a text of a batch, and as long again for each of the others
SPARE = 3.0  # seconds of sound beyond the longest line, after which a voice has run away
UNLOADABLE = (OSError, ValueError, LookupError, RuntimeError, ImportError, SafetensorError)


class _LateError(Exception):
    """The deadline passed in the middle of a batch."""


class PocketEngine:
    """Loads its model when the first voice is opened, and keeps it."""

    name = NAME
    clones = True

    def __init__(self, model: str | None = None) -> None:
        self._source = model or DEFAULT_MODEL

    def open(self, persona: Persona, clip: Speech | None) -> "PocketVoice":  # noqa: ARG002
        """The voice of `clip`. Raises VoiceError."""
        if clip is None:
            raise VoiceError(
                f"{NAME} speaks like a clip, and this persona has none. Send a clip to /voices/, "
                "or put one into the folder of --voices and give its name as the voice.",
            )
        return PocketVoice(self._loaded, clip)

    def voices(self) -> list[str]:
        """None of its own: they are the clips."""
        return []

    @cached_property
    def _loaded(self) -> "Pocket":
        return Pocket.load(self._source)


class Pocket:
    """The model and its codec, on the best device there is."""

    def __init__(self, model: Any, processor: Any) -> None:
        self.model = model
        self.processor = processor

    @classmethod
    def load(cls, source: str) -> "Pocket":
        """From a folder or a hub id. Raises VoiceError."""
        transformers_logging.set_verbosity(logging.ERROR)
        device = best_device()
        try:
            processor: Any = PocketTTSProcessor.from_pretrained(source)
            model: Any = PocketTTSForConditionalGeneration.from_pretrained(
                source, dtype=quick_precision()
            )
        except UNLOADABLE as error:
            raise VoiceError(
                f"The voice model {source} cannot be loaded. Give --voice-model a folder made by "
                "`save_pretrained` or the id of a hub model; the weights that clone are gated: "
                "accept their terms at the hub first, and log in with a token.",
            ) from error
        if processor.audio_tokenizer is None:
            raise VoiceError(f"The voice model {source} has no codec. Choose a complete one.")
        processor.audio_tokenizer.to(device).eval()
        return cls(model.to(device).eval(), processor)

    @property
    def rate(self) -> int:
        return int(self.processor.feature_extractor.sampling_rate)

    @torch.inference_mode()
    def state_of(self, clip: Speech) -> torch.Tensor:
        """The clip as latents, (frames, latent size): what the model speaks after."""
        sound = _at_rate(clip, self.rate)
        features = self.processor.feature_extractor(sound, sampling_rate=self.rate)
        codec = self.processor.audio_tokenizer
        encoded = codec.encode(
            features["input_values"].to(codec.device, codec.dtype),
            features["padding_mask"].to(codec.device),
        )
        length = int(encoded.latents_mask[0].sum())
        latents: torch.Tensor = encoded.latents[0, :length].float().cpu()
        return latents

    @torch.inference_mode()
    def speak(self, texts: Sequence[str], state: torch.Tensor) -> list[Speech]:
        """Raises VoiceError after the deadline, or where the model itself fails."""
        inputs = self._prompted(texts, state)
        try:
            with _deadline(self.model, DEADLINE * len(texts)):
                said = self.model.generate(
                    **inputs,
                    do_sample=True,
                    return_dict_in_generate=True,
                    max_new_tokens=int((LONGEST + SPARE) * self.model.config.frame_rate),
                )
                waves = list(self._decoded(said.audio_latents, said.audio_latents_mask))
        except _LateError as error:
            raise VoiceError(f"{NAME} took more than {DEADLINE:.0f} seconds a line.") from error
        except RuntimeError as error:
            raise VoiceError(f"{NAME} failed: {error}") from error
        return [Speech(wave.numpy().astype(np.float32), self.rate) for wave in waves]

    def _prompted(self, texts: Sequence[str], state: torch.Tensor) -> Any:
        talks = [
            [{"role": "user", "content": [{"type": "audio"}, {"type": "text", "text": text}]}]
            for text in texts
        ]
        return self.processor(
            text=self.processor.apply_chat_template(talks, tokenize=False),
            audio_prompt_latents=[state] * len(texts),
            padding=True,
            return_tensors="pt",
        ).to(self.model.device)

    def _decoded(self, latents: torch.Tensor, mask: torch.Tensor) -> Iterator[torch.Tensor]:
        at_once = DECODED_AT_ONCE if latents.device.type == "cpu" else len(latents)
        for rows in range(0, len(latents), at_once):
            part = slice(rows, rows + at_once)
            longest = int(mask[part].sum(-1).max())
            yield from self.processor.decode(latents[part, :longest], mask[part, :longest])


class PocketVoice:
    def __init__(self, pocket: Pocket, clip: Speech) -> None:
        self._pocket = pocket
        self._state = pocket.state_of(clip)
        self.batch = CPU_BATCH if pocket.model.device.type == "cpu" else GPU_BATCH
        self.name = f"{NAME} clone"

    def speak(self, texts: Sequence[str]) -> list[Speech]:
        return self._pocket.speak(texts, self._state)


@contextmanager
def _deadline(model: torch.nn.Module, seconds: float) -> Iterator[None]:
    """The model's own generation takes no criterion for stopping but its own."""
    end = time.monotonic() + seconds

    def look(*_: Any) -> None:
        if time.monotonic() > end:
            raise _LateError

    hook = model.register_forward_pre_hook(look)
    try:
        yield
    finally:
        hook.remove()


def _at_rate(clip: Speech, rate: int) -> torch.Tensor:
    """Clips come at 24 kHz, which is what the model's codec hears too."""
    if clip.rate != rate:
        raise VoiceError(f"This voice model hears {rate} samples a second, not {clip.rate}.")
    return torch.from_numpy(clip.samples.copy())
