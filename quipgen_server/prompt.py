"""What the language model is asked to complete."""

from .errors import ModelError
from .persona import Persona

END_OF_LINE = '"'
DEFAULT_TEMPLATE = (
    "Every time this {tone} automatic door opens, it says one short sentence that it has never "
    'said before. The door is called {name}. {description} The door opens and says: "'
)


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


def _plain(text: str) -> str:
    return " ".join(text.replace(END_OF_LINE, "'").split())
