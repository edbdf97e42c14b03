"""The voice that speaks an order: one of the server's, or one like a clip."""

from ..errors import ClipRefusedError, CloningError
from ..quipgen import NoCloningError, QuipgenClient, RejectedError
from . import Order


async def voice_of(client: QuipgenClient, order: Order) -> str:
    """Send the clip, if there is one, and return the name of the voice.

    Raises ClipError and QuipgenError.
    """
    clip = await order.clip()
    if clip is None:
        return order.brief.voice
    try:
        return await client.add_voice(clip)
    except NoCloningError as error:
        raise CloningError("{error}", error=error.words) from error
    except RejectedError as error:
        raise ClipRefusedError("{error}", error=error.words) from error
