import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from quipgen_server.audio import RATE, fade, finish, level, loudness_of, resample, trim
from quipgen_server.errors import AudioError
from quipgen_server.persona import Persona, Tone
from quipgen_server.voices import Samples, Speech
from quipgen_server.voices.espeak import Espeak

from .sound import a_silence, a_tone, heard, loudness, peak, tags
from .writers import lines_of

LINE = "Mind the step, dear Dörte: it minds you."


@pytest.mark.parametrize("tone", Tone)
def test_a_spoken_line_is_levelled_and_never_clips(tone: Tone) -> None:
    audio = finish(Espeak(Persona("Door", tone=tone)).speak([LINE])[0], LINE, "Door")
    sound = heard(audio.mp3)
    assert sound.rate == 24_000
    assert loudness(sound) == pytest.approx(-18, abs=1)
    assert audio.loudness == pytest.approx(loudness(sound), abs=0.2)
    assert peak(sound) <= -1
    assert audio.duration == pytest.approx(len(sound.samples) / sound.rate, abs=0.001)


def test_a_player_is_told_the_line_and_who_says_it() -> None:
    audio = finish(Speech(a_tone(1), RATE), LINE, "Dörte")
    told = tags(audio.mp3)
    assert (told["title"], told["artist"]) == (LINE, "Dörte")


@pytest.mark.parametrize("decibels", [-20.0, -33.0])
def test_loudness_is_what_ebu_r_128_says_of_its_own_tone(decibels: float) -> None:
    """1 kHz with peaks at so many dBFS, in one channel, is as loud as its power."""
    time = np.arange(5 * RATE) / RATE
    tone = 10 ** (decibels / 20) * np.sin(2 * np.pi * 1000 * time)
    power = decibels - 10 * np.log10(2)
    assert loudness_of(tone.astype(np.float32)) == pytest.approx(power, abs=0.1)


def test_a_whole_batch_is_equally_loud() -> None:
    voice = Espeak(Persona("Door"))
    for line in lines_of(Tone.NEUTRAL)[:40]:
        sound = heard(finish(voice.speak([line])[0], line, "Door").mp3)
        assert loudness(sound) == pytest.approx(-18, abs=1), line
        assert peak(sound) <= -1, line


def test_an_amplifier_may_have_time_to_wake_up() -> None:
    plain = finish(Speech(a_tone(1), RATE), LINE, "Door")
    led = finish(Speech(a_tone(1), RATE), LINE, "Door", lead_silence=400)
    assert led.duration == pytest.approx(plain.duration + 0.4)
    assert np.abs(heard(led.mp3).samples[: RATE // 3]).max() < 0.001


def test_an_mp3_is_small() -> None:
    audio = finish(Speech(a_tone(4), RATE), LINE, "Door")
    assert len(audio.mp3) == pytest.approx(4 * 64_000 / 8, rel=0.05)


def test_a_quiet_tone_with_sharp_peaks_is_raised_without_passing_the_ceiling() -> None:
    sound = a_tone(2, level=0.02)
    sound[:: RATE // 10] = 0.9
    levelled = level(sound)
    assert np.abs(levelled).max() <= 10 ** (-2 / 20) + 1e-6
    assert loudness(Speech(levelled, RATE)) > loudness(Speech(sound, RATE))


@pytest.mark.parametrize("rate", [8_000, 16_000, 22_050, 24_000, 48_000])
def test_any_rate_keeps_its_length(rate: int) -> None:
    assert len(resample(Speech(a_tone(1, rate=rate), rate))) == pytest.approx(RATE, abs=2)


def test_the_quiet_around_is_cut_to_a_short_pad() -> None:
    sound = np.concatenate([a_silence(1), a_tone(0.5), a_silence(2)])
    assert len(trim(sound)) / RATE == pytest.approx(0.6, abs=0.03)


def test_a_pause_within_a_line_stays() -> None:
    sound = np.concatenate([a_tone(0.5), a_silence(1), a_tone(0.5)])
    assert len(trim(sound)) == len(sound)


def test_it_begins_and_ends_in_silence() -> None:
    faded = fade(np.ones(RATE, dtype=np.float32))
    assert faded[0] == faded[-1] == 0
    assert (faded[200:-200] == 1).all()


def test_a_clip_too_short_for_the_meter_is_levelled_all_the_same() -> None:
    audio = finish(Speech(a_tone(0.25), RATE), "No.", "Door")
    assert audio.loudness == pytest.approx(-18, abs=0.5)


@pytest.mark.parametrize(
    ("samples", "reason"),
    [
        (a_silence(2), "silent"),
        (a_silence(0), "silent"),
        (a_tone(2, level=1e-6), "cannot be heard"),
        (a_tone(0.05), "hardly"),
        (a_tone(15.1), "more than 15 seconds"),
        (np.full(RATE, np.nan, dtype=np.float32), "not a number"),
        (np.full(RATE, np.inf, dtype=np.float32), "not a number"),
        (np.clip(a_tone(2, level=9), -1, 1), "clipped"),
    ],
)
def test_what_cannot_be_a_quip_is_refused(samples: Samples, reason: str) -> None:
    with pytest.raises(AudioError, match=reason):
        finish(Speech(samples, RATE), LINE, "Door")


@given(arrays(np.float32, st.integers(0, 2 * RATE), elements=st.floats(-1, 1, width=32)))
def test_any_sound_is_finished_within_its_ceiling_or_refused(samples: Samples) -> None:
    try:
        audio = finish(Speech(samples, RATE), LINE, "Door")
    except AudioError:
        return
    assert audio.duration <= 2
    one_mp3_frame = 576
    assert len(heard(audio.mp3).samples) == pytest.approx(audio.duration * RATE, abs=one_mp3_frame)
