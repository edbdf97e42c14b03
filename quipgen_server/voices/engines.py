"""The engines by their names, and a persona's voice in one of them."""

from collections.abc import Callable

from quipgen_server.persona import Persona
from quipgen_server.settings import Settings

from . import Engine, Voice
from .clips import Clips
from .espeak import EspeakEngine


def load_engine(settings: Settings) -> Engine:
    """Imports torch only for the engine that needs it. Raises VoiceError."""
    if settings.voice_engine == EspeakEngine.name:
        return EspeakEngine()
    from .pocket import PocketEngine  # noqa: PLC0415

    return PocketEngine(settings.voice_model)


def open_voice(
    engine: Engine, clips: Clips, persona: Persona, stopped: Callable[[], bool]
) -> Voice:
    """Waits for the persona's clip, if that is still to be sent. Raises VoiceError, ClipError."""
    clip = clips.find(persona.voice, stopped) if engine.clones else None
    return engine.open(persona, clip)
