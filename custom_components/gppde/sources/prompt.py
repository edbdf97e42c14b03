"""What a model is asked for."""

from collections.abc import Sequence

from ..const import Tone
from ..mood.form import LONGEST
from . import Brief

MOST_SHOWN = 30
"""Lines said before, of which the newest are shown."""

MANNERS = {
    Tone.NEUTRAL: "matter-of-fact and polite, without strong feelings",
    Tone.SUNNY: "warm and cheerful, full of words that feel good",
    Tone.SARCASTIC: "dry and teasing; it praises where it means the opposite",
    Tone.COMICAL: "playful; each line is a small joke with a point",
    Tone.SOMBRE: "gloomy and resigned, full of words that feel sad",
}

INSTRUCTIONS = """\
Write {count} different lines for an automatic door that speaks, in the language {language}.

The door is called {name}. {description}
Its tone is {tone}: {manner}.

One line is spoken whenever somebody opens the door. So each of them
- is one or two short, whole sentences with {longest} characters at most,
- stands on its own,
- is plain words, without quotation marks, stage directions, emoji or numbering,
- is fit for children and guests,
- is unlike all others.
"""
AVOID = "\nThese were said before. Write nothing that resembles them:\n{said}\n"


def prompt(brief: Brief, language: str, count: int, said: Sequence[str]) -> str:
    """Return the instructions for `count` lines in a persona's manner."""
    asked = INSTRUCTIONS.format(
        count=count,
        language=language,
        name=_plain(brief.name),
        description=_plain(brief.description),
        tone=brief.tone,
        manner=MANNERS[brief.tone],
        longest=LONGEST,
    )
    newest = said[-MOST_SHOWN:]
    shown = "\n".join(f"- {_plain(line)[:LONGEST]}" for line in newest)
    return asked + AVOID.format(said=shown) if newest else asked


def _plain(text: str) -> str:
    return " ".join(text.split())
