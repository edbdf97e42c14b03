import os
from pathlib import Path

import numpy as np
import pytest

from quipgen_server.errors import VoiceError
from quipgen_server.persona import Persona, Tone
from quipgen_server.voices import espeak
from quipgen_server.voices.espeak import Espeak

LINE = "I open for you, and for you alone."


def an_espeak_that(does: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Puts a program of that name first on the path."""
    program = folder / "espeak-ng"
    program.write_text(f"#!/bin/sh\n{does}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")


def test_a_line_is_spoken() -> None:
    speech = Espeak(Persona("Door")).speak([LINE])[0]
    assert speech.rate == 22_050
    assert speech.samples.dtype == np.float32
    assert 1 < len(speech.samples) / speech.rate < 5
    assert 0.05 < np.abs(speech.samples).max() <= 1


def test_a_sombre_door_takes_its_time() -> None:
    sombre, sunny = (
        Espeak(Persona("Door", tone=tone)).speak([LINE])[0] for tone in (Tone.SOMBRE, Tone.SUNNY)
    )
    assert len(sombre.samples) > 1.2 * len(sunny.samples)


def test_a_persona_has_the_voice_it_asks_for() -> None:
    voice = Espeak(Persona("Door", voice="en-us+f3"))
    assert voice.name == "espeak-ng en-us+f3"
    [speech], [other] = voice.speak([LINE]), Espeak(Persona("Door")).speak([LINE])
    assert not np.array_equal(speech.samples, other.samples)


@pytest.mark.parametrize("line", ["-w /tmp/evil", "--help", "; rm -rf /", "$(id) `id`", "<break/>"])
def test_a_line_is_never_taken_for_a_command(line: str) -> None:
    assert len(Espeak(Persona("Door")).speak([line])[0].samples) > 5000


def test_an_unknown_voice_is_known_at_once() -> None:
    with pytest.raises(VoiceError, match=r"does not exist.*`quipgen voices`"):
        Espeak(Persona("Door", voice="xx-nowhere"))


def test_without_espeak_a_person_is_told_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(VoiceError, match="sudo apt install espeak-ng"):
        Espeak(Persona("Door"))


def test_an_espeak_that_hangs_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    an_espeak_that("exec sleep 60", tmp_path, monkeypatch)
    monkeypatch.setattr(espeak, "LONGEST_WAIT", 0.1)
    with pytest.raises(VoiceError, match="timed out"):
        Espeak(Persona("Door"))


@pytest.mark.parametrize("noise", ["", "no sound at all", "RIFF____WAVE"])
def test_an_espeak_that_sends_no_sound_is_refused(
    noise: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    an_espeak_that(f"cat > /dev/null; printf '{noise}'", tmp_path, monkeypatch)
    with pytest.raises(VoiceError, match="sent no sound"):
        Espeak(Persona("Door")).speak([LINE])[0]
