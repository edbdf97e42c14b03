"""The quips in the Media panel: personas, what is fresh and what is stale, and each line."""

from collections.abc import Mapping, Sequence

from homeassistant.components.media_player import BrowseError, MediaClass, MediaType
from homeassistant.components.media_source import (
    BrowseMediaSource,
    MediaSource,
    MediaSourceItem,
    PlayMedia,
    Unresolvable,
)
from homeassistant.core import HomeAssistant

from .const import DOMAIN
from .data import running_entry
from .option_texts import option_texts
from .personas.persona import Persona
from .quips.quip import Quip
from .quips.scan import Place
from .speaking.quip_url import QUIP_URLS

MIME_TYPE = "audio/mpeg"
SHOWN_AT_MOST = 1000


async def async_get_media_source(hass: HomeAssistant) -> QuipSource:
    """Offer the quips."""
    return QuipSource(hass)


class QuipSource(MediaSource):
    """Media ids are `<persona id>/fresh`, `<persona id>/stale`, and `<persona id>/<uuid>`."""

    name = "Quips"

    def __init__(self, hass: HomeAssistant) -> None:
        super().__init__(DOMAIN)
        self._hass = hass

    async def async_resolve_media(self, item: MediaSourceItem) -> PlayMedia:
        """Return the address of a quip, which expires."""
        persona_id, _, uuid = item.identifier.partition("/")
        persona = (self._personas() or {}).get(persona_id)
        if persona is None or persona.stock.get(uuid) is None:
            raise Unresolvable(translation_domain=DOMAIN, translation_key="unknown_quip")
        return PlayMedia(self._hass.data[QUIP_URLS].path(uuid), MIME_TYPE)

    async def async_browse_media(self, item: MediaSourceItem) -> BrowseMediaSource:
        """Show the personas, one's two heaps, or a heap's lines: what is next or was last first."""
        personas = self._personas()
        if personas is None:
            raise BrowseError(translation_domain=DOMAIN, translation_key="not_loaded")
        if not item.identifier:
            return _folder(None, self.name, [_persona(persona) for persona in personas.values()])
        persona_id, _, heap = item.identifier.partition("/")
        persona = personas.get(persona_id)
        if persona is None or heap not in ("", *Place):
            raise BrowseError(translation_domain=DOMAIN, translation_key="unknown_quip")
        # In the home's language: a panel does not tell its own.
        titles = await option_texts(self._hass, "heap")
        return _opened_heap(persona, heap, titles) if heap else _opened_persona(persona, titles)

    def _personas(self) -> dict[str, Persona] | None:
        entry = running_entry(self._hass)
        return entry.runtime_data.personas if entry else None


def _persona(persona: Persona) -> BrowseMediaSource:
    return _folder(persona.id, persona.brief.name)


def _opened_persona(persona: Persona, titles: Mapping[str, str]) -> BrowseMediaSource:
    folder = _persona(persona)
    folder.children = [_heap(persona, heap, titles[heap]) for heap in Place]
    return folder


def _heap(persona: Persona, heap: str, title: str) -> BrowseMediaSource:
    return _folder(f"{persona.id}/{heap}", f"{title} ({_count(persona, heap)})")


def _count(persona: Persona, heap: str) -> int:
    return persona.stock.fresh_count if heap == Place.FRESH else persona.stock.stale_count


def _opened_heap(persona: Persona, heap: str, titles: Mapping[str, str]) -> BrowseMediaSource:
    stock = persona.stock
    quips = stock.fresh(SHOWN_AT_MOST) if heap == Place.FRESH else stock.stale(SHOWN_AT_MOST)
    folder = _heap(persona, heap, titles[heap])
    folder.children = [_line(persona, quip) for quip in quips]
    folder.not_shown = _count(persona, heap) - len(quips)
    return folder


def _line(persona: Persona, quip: Quip) -> BrowseMediaSource:
    return BrowseMediaSource(
        domain=DOMAIN,
        identifier=f"{persona.id}/{quip.uuid}",
        media_class=MediaClass.MUSIC,
        media_content_type=MIME_TYPE,
        title=quip.text,
        can_play=True,
        can_expand=False,
    )


def _folder(
    identifier: str | None, title: str, children: Sequence[BrowseMediaSource] = ()
) -> BrowseMediaSource:
    return BrowseMediaSource(
        domain=DOMAIN,
        identifier=identifier,
        media_class=MediaClass.DIRECTORY,
        media_content_type=MediaType.MUSIC,
        title=title,
        can_play=False,
        can_expand=True,
        children=children,
    )
