import pytest

from quipgen_server.cli import main
from quipgen_server.consent import CONSENT


def test_write_prints_lines_after_their_mood(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["write", "-n", "3", "--tone", "sunny", "--seed", "2"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 3
    for line in lines:
        mood, _, text = line.partition("  ")
        assert 0.2 <= float(mood) <= 1
        assert text


def test_write_says_when_there_are_too_few(
    tiny_model: object, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["write", "-n", "1", "--model", str(tiny_model)]) == 1
    assert "0 of 1 quips" in capsys.readouterr().err


def test_voices_lists_what_espeak_speaks(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["voices"]) == 0
    told = capsys.readouterr().out
    assert "\n  en-gb\n" in told
    assert CONSENT in told


def test_voices_lists_the_clips_of_an_engine_that_clones(
    tmp_path: object, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["voices", "--voice-engine", "pocket-tts"]
    assert main(command) == 0
    assert "none; give clips with --voices" in capsys.readouterr().out


def test_a_bad_setting_is_told_before_anything_is_done(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["voices", "--voice-engine", "siri"]) == 2
    assert "--voice-engine must be one of" in capsys.readouterr().err
