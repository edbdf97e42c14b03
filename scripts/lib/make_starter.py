"""Voice the starter pack anew from its lines, with the quipgen server's own parts.

Run it after a change of custom_components/gppde/quips/starter/lines.txt, and commit what it made:
.venv/server/bin/python scripts/lib/make_starter.py
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from quipgen_server.archive import metadata_json
from quipgen_server.audio import finish
from quipgen_server.mood import mood_of
from quipgen_server.persona import Persona, Tone
from quipgen_server.quip import Metadata, Quip
from quipgen_server.voices.espeak import Espeak

FOLDER = Path(__file__).parents[2] / "custom_components/gppde/quips/starter"
PERSONA = Persona(name="Door", tone=Tone.NEUTRAL)
WRITTEN = datetime(2026, 11, 1, tzinfo=UTC)


def voice(text: str, number: int, speaker: Espeak) -> Quip:
    """Speak a line. What does not change keeps its uuid, and the lines keep their order."""
    audio = finish(speaker.speak([text])[0], title=text, artist=PERSONA.name)
    created = WRITTEN + timedelta(seconds=number)
    metadata = Metadata(
        uuid=str(uuid5(NAMESPACE_URL, text)),
        text=text,
        persona=PERSONA.name,
        tone=PERSONA.tone,
        mood=mood_of(text),
        model="written by hand",
        voice=speaker.name,
        duration=round(audio.duration, 3),
        loudness=round(audio.loudness, 2),
        created=created.isoformat().replace("+00:00", "Z"),
        seed=0,
    )
    return Quip(metadata, audio.mp3)


def main() -> None:
    """Replace the quips of the starter pack."""
    speaker = Espeak(PERSONA)
    lines = (FOLDER / "lines.txt").read_text().splitlines()
    quips = [voice(line, number, speaker) for number, line in enumerate(lines)]
    for old in (*FOLDER.glob("*.json"), *FOLDER.glob("*.mp3")):
        old.unlink()
    for quip in quips:
        stem = FOLDER / quip.metadata.uuid
        stem.with_suffix(".json").write_text(metadata_json(quip) + "\n")
        stem.with_suffix(".mp3").write_bytes(quip.mp3)
        print(f"{quip.metadata.duration:.1f} s  {quip.metadata.mood:+.2f}  {quip.metadata.text}")


if __name__ == "__main__":
    main()
