"""What the language model is asked, and the line in what it answers."""

import re

from .errors import ModelError
from .persona import Persona

END_OF_LINE = '"'
DEFAULT_TEMPLATE = (
    "Every time this {tone} automatic door opens, it says one short sentence that it has never "
    'said before. The door is called {name}. {description} The door opens and says: "'
)
ROLE = (
    "You are {name}, an automatic door with a personality. {description} Your tone is {tone}. "
    "Somebody has just opened you. Answer with what you say aloud: one or two short sentences, "
    "witty, in plain words, without quotation marks, stage directions or emoji."
)
REQUEST = "The door opens. Say something that you have never said before."
_SPEAKER = re.compile(r"^(?:[-*•]|\d+[.)]|\w+:)\s+")
_SENTENCES = re.compile(r".*[.!?…]", re.DOTALL)


def prompt_for(persona: Persona, template: str = DEFAULT_TEMPLATE) -> str:
    """The text before the line; a model's own `prompt_template` may name fewer fields."""
    try:
        return template.format(
            name=_plain(persona.name),
            description=_plain(persona.description),
            tone=persona.tone,
        )
    except (LookupError, ValueError, AttributeError) as error:
        raise ModelError(
            f"The model's prompt_template is broken ({error}). "
            "It may name {tone}, {name} and {description}.",
        ) from error


def chat_for(persona: Persona) -> list[dict[str, str]]:
    """For models that answer rather than go on."""
    return [
        {"role": "system", "content": prompt_for(persona, ROLE)},
        {"role": "user", "content": REQUEST},
    ]


def completed_line(written: str) -> str:
    """Up to the closing quotation mark; where that is missing, what sentences there are."""
    line, closed, _ = written.partition(END_OF_LINE)
    return line.strip() if closed else _whole_sentences(line)


def answered_line(written: str) -> str:
    """The first line, without the bullet, number or name that chat models like to begin with."""
    first = next((line for line in written.splitlines() if line.strip()), "")
    return _whole_sentences(_SPEAKER.sub("", first.strip()).strip('"“”* '))


def _whole_sentences(text: str) -> str:
    whole = _SENTENCES.match(text)
    return (whole[0] if whole else text).strip()


def _plain(text: str) -> str:
    return " ".join(text.replace(END_OF_LINE, "'").split())
