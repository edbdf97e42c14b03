"""Pocket TTS by its real code, on a model of no size."""

import shutil
from pathlib import Path

import numpy as np
import pytest
import torch

from quipgen_server.batch import Batch
from quipgen_server.errors import AudioError, VoiceError
from quipgen_server.order import check_order
from quipgen_server.persona import Persona
from quipgen_server.voices import Speech, pocket
from quipgen_server.voices.pocket import PocketEngine, PocketVoice

from ..client import an_order
from ..sound import a_tone
from ..writers import CorpusWriter
from .tiny_pocket import LATENT, save_tiny_pocket

CLIP = Speech(a_tone(4), 24_000)
DOOR = Persona("Door")


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pocket")
    save_tiny_pocket(folder)
    return folder


@pytest.fixture(scope="module")
def engine(model: Path) -> PocketEngine:
    return PocketEngine(str(model))


@pytest.fixture
def voice(engine: PocketEngine) -> PocketVoice:
    return engine.open(DOOR, CLIP)


def test_every_text_of_a_batch_is_spoken(voice: PocketVoice) -> None:
    speeches = voice.speak(["Hello there.", "The door opens, and says more than hello.", "No."])
    assert len(speeches) == 3
    for speech in speeches:
        assert speech.rate == 24_000
        assert speech.samples.dtype == np.float32
        assert 0.2 < len(speech.samples) / speech.rate <= 13


def test_no_text_is_spoken_for_longer_than_a_line_may_take(
    voice: PocketVoice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pocket, "LONGEST", 0.5)
    monkeypatch.setattr(pocket, "SPARE", 0.0)
    [speech] = voice.speak(["The door opens and says much more than it should."])
    assert len(speech.samples) <= 0.5 * speech.rate


def test_a_voice_that_takes_too_long_is_given_up_and_speaks_again_later(
    voice: PocketVoice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pocket, "DEADLINE", 0.0)
    with pytest.raises(VoiceError, match="took more than"):
        voice.speak(["Hello."])
    monkeypatch.undo()
    assert voice.speak(["Hello."])


def test_the_clip_becomes_a_state_once_and_another_clip_another(engine: PocketEngine) -> None:
    first, again = engine.open(DOOR, CLIP), engine.open(DOOR, Speech(a_tone(4, 0.3), 24_000))
    assert first._state.shape[1] == LATENT
    assert not torch.equal(first._state, again._state)


def test_the_same_clip_and_seed_speak_the_same(voice: PocketVoice) -> None:
    def spoken(seed: int) -> np.ndarray:
        torch.manual_seed(seed)
        return voice.speak(["Hello there."])[0].samples

    assert np.array_equal(spoken(1), spoken(1))
    assert not np.array_equal(spoken(1), spoken(2))


def test_without_a_clip_it_says_what_is_needed(engine: PocketEngine) -> None:
    with pytest.raises(VoiceError, match="Send a clip to /voices/"):
        engine.open(DOOR, None)


def test_a_clip_of_another_rate_is_refused(engine: PocketEngine) -> None:
    with pytest.raises(VoiceError, match="hears 24000 samples"):
        engine.open(DOOR, Speech(a_tone(4, rate=8000), 8000))


def test_it_has_no_voices_but_the_clips(engine: PocketEngine) -> None:
    assert engine.voices() == []


def test_a_broken_model_fails_in_words(voice: PocketVoice, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("shapes do not match")

    monkeypatch.setattr(voice._pocket.model, "generate", broken)
    with pytest.raises(VoiceError, match="shapes do not match"):
        voice.speak(["Hello."])


@pytest.mark.parametrize("missing", ["config.json", "model.safetensors", "processor_config.json"])
def test_a_model_that_is_not_whole_is_told(model: Path, tmp_path: Path, missing: str) -> None:
    folder = tmp_path / "model"
    shutil.copytree(model, folder)
    (folder / missing).unlink()
    with pytest.raises(VoiceError, match="gated"):
        PocketEngine(str(folder)).open(DOOR, CLIP)


def test_an_unknown_hub_model_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(VoiceError, match="nobody/no-such-voice cannot be loaded"):
        PocketEngine("nobody/no-such-voice").open(DOOR, CLIP)


def test_a_whole_batch_is_made_with_it(engine: PocketEngine) -> None:
    batch = Batch(check_order(an_order(3)), CorpusWriter, lambda *_: engine.open(DOOR, CLIP))
    batch.run()
    assert (batch.progress["created"], batch.error) == (3, None)
    assert {quip.metadata.voice for quip in batch.quips} == {"pocket-tts clone"}


def test_a_waveform_that_is_no_speech_is_dropped(voice: PocketVoice) -> None:
    [weights] = [
        p for name, p in voice._pocket.model.named_parameters() if name.endswith("bos_latent")
    ]
    kept = weights.data.clone()
    weights.data.fill_(float("nan"))
    batch = Batch(check_order(an_order(9)), CorpusWriter, lambda *_: voice)
    batch.run()
    weights.data.copy_(kept)
    assert batch.progress["stage"] == "failed"
    assert isinstance(batch.error, AudioError)
