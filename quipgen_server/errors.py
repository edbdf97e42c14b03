"""What can go wrong. Each error's text tells a person what is wrong and what to do."""


class QuipgenError(Exception):
    """The root of the server's errors; `code` is what a program looks at."""

    code = "quipgen"


class OrderError(QuipgenError):
    """The order for a batch is not one that can be carried out."""

    code = "bad_request"


class BatchRunningError(QuipgenError):
    """A batch was ordered while another one runs, or waits to be collected."""

    code = "batch_running"

    def __init__(self, batch: str) -> None:
        super().__init__(
            "A batch is running. Wait until it is finished and collected, or dismiss the server.",
        )
        self.batch = batch


class ModelError(QuipgenError):
    """The language model cannot be loaded or cannot write."""

    code = "model"


class VoiceError(QuipgenError):
    """The voice is missing, unknown or cannot speak."""

    code = "voice"


class AudioError(QuipgenError):
    """What the voice said cannot become a quip."""

    code = "audio"


class ClipError(QuipgenError):
    """What was given as a sample of a voice is not one."""

    code = "clip"


class NoCloningError(QuipgenError):
    """A sample of a voice was given to an engine that cannot speak like it."""

    code = "no_cloning_voice"

    def __init__(self) -> None:
        super().__init__(
            "This server's voice cannot be cloned. Give the persona a voice by its name, or start "
            "the server with --voice-engine pocket-tts.",
        )


class EndingError(QuipgenError):
    """The server was told to end before the batch was complete."""

    code = "ending"


class ShortBatchError(QuipgenError):
    """The effort was spent before the batch was complete."""

    code = "too_few"


class CommandError(QuipgenError):
    """The command was given something that it cannot work with."""

    code = "command"
