"""What a person says to Assist, through the real pipeline, in every language."""

from collections.abc import Awaitable, Callable

import pytest
from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.gppde.const import Tone

from ..assistant import Assistant, meet_assistant, replies
from ..helpers import (
    DOOR,
    PERSONA,
    RecordingPlayer,
    door,
    entity_id,
    make_entry,
    persona,
    put_on_disk,
    set_up,
    state_of,
)
from ..quipgen_double import Quipgen

TEN = [f"Line {n}." for n in range(10)]
DOORS = {
    "en": "Front door",
    "de": "Haustür",
    "fr": "Porte d'entrée",
    "es": "Puerta principal",
    "nl": "Voordeur",
}
REFILL = {
    "en": [
        "Refill quips.",
        "refill the quips",
        "refil quips",
        "re-fill the quibs",
        "Could you please refill the quips?",
        "order new quips for Hinge",
        "refill Hinge's quips",
        "refill the quips of the front door",
    ],
    "de": [
        "Quips nachfüllen",
        "Füll die Quips auf.",
        "fühl die Kwips auf",
        "Kannst du bitte die Sprüche auffüllen?",
        "Bestell bitte neue Sprüche für Hinge",
        "fülle die Sprüche von Hinge nach",
        "Sprüche für die Haustür nachfüllen",
    ],
    "fr": [
        "Recharge les quips.",
        "rempli les répliques",
        "Peux-tu recharger les répliques, s'il te plaît ?",
        "recharge les répliques de Hinge",
        "commande de nouvelles répliques pour la porte d'entrée",
    ],
    "es": [
        "Rellena las ocurrencias.",
        "recarga los quips",
        "re llena los cuips",
        "¿Puedes rellenar las ocurrencias, por favor?",
        "repón las ocurrencias de Hinge",
        "pide ocurrencias para la puerta principal",
    ],
    "nl": [
        "Vul de quips aan.",
        "vul de kwips bij",
        "Kun je de quips aanvullen?",
        "bestel nieuwe quips voor Hinge",
        "vul de quips van de voordeur bij",
    ],
}
STOCK = {
    "en": [
        "How many quips are left?",
        "how many quibs our left",
        "How many quips does Hinge have left?",
        "how many quips has the front door got",
    ],
    "de": [
        "Wie viele Quips sind noch da?",
        "wieviele Sprüche gibt es noch",
        "Wie viele Sprüche hat Hinge noch?",
        "wie viel Sprüche hat die Haustüre noch auf Lager",
    ],
    "fr": [
        "Combien de quips reste-t-il ?",
        "il reste combien de répliques",
        "Combien de répliques reste-t-il à Hinge ?",
        "combien reste t il de répliques à la porte d'entrée",
    ],
    "es": [
        "¿Cuántas ocurrencias quedan?",
        "cuantos quips nos quedan",
        "¿Cuántas ocurrencias le quedan a Hinge?",
        "cuántas ocurrencias tiene la puerta principal",
    ],
    "nl": [
        "Hoeveel quips zijn er nog?",
        "hoeveel kwips hebben we nog",
        "Hoeveel quips heeft Hinge nog over?",
        "hoeveel quips heeft de voordeur nog",
    ],
}
SAY = {
    "en": [
        "Say something, front door.",
        "say something frontdoor",
        "say some thing fronts door",
        "Front door, say something!",
        "say something funny please",
        "Ask the front door to say something",
        "tell us a quip",
    ],
    "de": [
        "Sag was, Haustür.",
        "Haustüre, sag bitte mal etwas",
        "sage etwas Haus Tür",
        "Lass die Haustür was sagen",
        "Sag was Lustiges",
    ],
    "fr": [
        "Dis quelque chose, porte d'entrée.",
        "dit quelque chose porte d\N{RIGHT SINGLE QUOTATION MARK}entree",
        "Porte d'entrée, dis quelque chose",
        "fais parler la porte d'entrée",
        "Dis un bon mot, s'il te plaît",
    ],
    "es": [
        "Di algo, puerta principal.",
        "dí algo puerta prinsipal",
        "Puerta principal, di algo",
        "haz que la puerta principal diga algo",
        "¡Di algo!",
    ],
    "nl": [
        "Zeg iets, voordeur.",
        "zegt iets voor deur",
        "Voordeur, zeg eens iets",
        "laat de voordeur iets zeggen",
        "zeg iets grappigs",
    ],
}
QUIET = {
    "en": ["Be quiet, front door.", "be quite frontdoor", "Front door, shut up", "Hush!"],
    "de": ["Sei still, Haustür.", "sei stil haustür", "Haustür, halt die Klappe", "Ruhe!"],
    "fr": [
        "Tais-toi, porte d'entrée.",
        "tait toi porte d'entrée",
        "tes toi porte d'entrée",
        "Porte d'entrée, tais-toi",
        "Chut, la porte !",
    ],
    "es": [
        "Cállate, puerta principal.",
        "callate puerta principal",
        "cayate puerta principal",
        "Puerta principal, cállate",
        "¡Silencio!",
    ],
    "nl": ["Wees stil, voordeur.", "wees eens stil voor deur", "voordeur hout je mond", "Stil!"],
}
TALK = {
    "en": [
        "You may talk again, front door.",
        "You may talk again",
        "front door you can speak again",
        "you may talk a gain frontdoor",
        "let the front door talk again",
    ],
    "de": [
        "Du darfst wieder reden, Haustür.",
        "Du darfst jetzt wieder sprechen",
        "Haustür, du darfst wieder reden",
        "du darfst wider reden haustür",
        "lass die Haustür wieder reden",
    ],
    "fr": [
        "Tu peux parler à nouveau, porte d'entrée.",
        "Tu peux reparler",
        "tu peut re parler",
        "porte d'entrée tu peux de nouveau parler",
        "laisse la porte d'entrée reparler",
    ],
    "es": [
        "Ya puedes hablar, puerta principal.",
        "Puedes volver a hablar",
        "puedes volver a ablar puerta principal",
        "puerta principal ya puedes hablar otra vez",
        "deja que la puerta principal vuelva a hablar",
    ],
    "nl": [
        "Je mag weer praten, voordeur.",
        "Je mag weer praten",
        "je mach weer praten voor deur",
        "voordeur je mag weer praten",
        "laat de voordeur weer praten",
    ],
}

type Meet = Callable[..., Awaitable[Assistant]]


@pytest.fixture
def meet(hass: HomeAssistant, hass_ws_client: WebSocketGenerator, player: RecordingPlayer) -> Meet:
    """Return what sets GPPDE up, with ten lines on disk, and then Assist."""

    async def meet(language: str = "en") -> Assistant:
        put_on_disk(hass, *TEN)
        doors, personas = [door(name=DOORS[language])], [persona(low_water=0)]
        await set_up(hass, make_entry(hass, doors=doors, personas=personas))
        return await meet_assistant(hass, hass_ws_client)

    return meet


async def switch(hass: HomeAssistant, service: str) -> None:
    target = {"entity_id": entity_id(hass, "switch", "talkative", DOOR)}
    await hass.services.async_call("switch", service, target, blocking=True)


@pytest.mark.parametrize("language", DOORS)
async def test_a_stock_that_is_full_is_not_refilled(meet: Meet, language: str) -> None:
    assistant = await meet(language)
    for sentence in REFILL[language]:
        reply = await assistant.ask(sentence, language)
        assert reply in replies(language, "full", who="Hinge"), sentence


@pytest.mark.parametrize("language", DOORS)
async def test_quips_are_ordered_by_voice(
    hass: HomeAssistant,
    player: RecordingPlayer,
    quipgen: Quipgen,
    hass_ws_client: WebSocketGenerator,
    language: str,
) -> None:
    put_on_disk(hass, *TEN[:6])
    await set_up(hass, make_entry(hass, url=quipgen.url))
    assistant = await meet_assistant(hass, hass_ws_client)
    reply = await assistant.ask(REFILL[language][0], language)
    assert reply in replies(language, "ordered", who="Hinge")
    await hass.async_block_till_done(wait_background_tasks=True)
    assert [order["count"] for order in quipgen.orders] == [4]
    assert state_of(hass, "sensor", "quip_stock", PERSONA).state == "10"


@pytest.mark.parametrize("language", DOORS)
async def test_quips_are_counted(meet: Meet, language: str) -> None:
    assistant = await meet(language)
    for sentence in STOCK[language]:
        reply = await assistant.ask(sentence, language)
        assert reply in replies(language, "stock_many", who="Hinge", count=10), sentence


@pytest.mark.parametrize("language", DOORS)
async def test_a_door_says_something(
    hass: HomeAssistant, player: RecordingPlayer, meet: Meet, language: str
) -> None:
    assistant = await meet(language)
    for times, sentence in enumerate(SAY[language], 1):
        reply = await assistant.ask(sentence, language)
        assert reply in replies(language, "said", who=DOORS[language]), sentence
        assert len(player.played) == times


@pytest.mark.parametrize("language", DOORS)
async def test_a_door_is_told_to_be_quiet(hass: HomeAssistant, meet: Meet, language: str) -> None:
    assistant = await meet(language)
    for sentence in QUIET[language]:
        reply = await assistant.ask(sentence, language)
        assert reply in replies(language, "quiet", who=DOORS[language]), sentence
        assert state_of(hass, "switch", "talkative", DOOR).state == "off"
        reply = await assistant.ask(sentence, language)
        assert reply in replies(language, "quiet_already", who=DOORS[language])
        await switch(hass, "turn_on")


@pytest.mark.parametrize("language", DOORS)
async def test_a_door_may_talk_again(hass: HomeAssistant, meet: Meet, language: str) -> None:
    assistant = await meet(language)
    for sentence in TALK[language]:
        await switch(hass, "turn_off")
        reply = await assistant.ask(sentence, language)
        assert reply in replies(language, "talk", who=DOORS[language]), sentence
        assert state_of(hass, "switch", "talkative", DOOR).state == "on"
        reply = await assistant.ask(sentence, language)
        assert reply in replies(language, "talk_already", who=DOORS[language])


@pytest.mark.parametrize(
    ("language", "sentence", "heard"),
    [
        ("en", "say something, cellar door", "cellar"),
        ("en", "be quiet, Ziggy", "Ziggy"),
        ("de", "sag was, Kellertür", "Kellertür"),
        ("de", "du darfst wieder reden, Garage", "Garage"),
        ("fr", "dis quelque chose, porte de la cave", "cave"),
        ("es", "cállate, puerta del sótano", "sótano"),
        ("nl", "zeg iets, kelderdeur", "kelderdeur"),
    ],
)
async def test_whoever_names_no_door_is_told_which_there_are(
    player: RecordingPlayer, meet: Meet, language: str, sentence: str, heard: str
) -> None:
    assistant = await meet(language)
    reply = await assistant.ask(sentence, language)
    assert reply in replies(language, "unknown_door", heard=heard, known=DOORS[language])
    assert player.played == []


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "how many quips does Ziggy have left"),
        ("en", "refill the quips for Ziggy"),
        ("de", "wie viele Sprüche hat Ziggy noch"),
        ("fr", "combien de répliques reste-t-il à Ziggy"),
        ("es", "cuántas ocurrencias le quedan a Ziggy"),
        ("nl", "vul de quips van Ziggy bij"),
    ],
)
async def test_whoever_names_no_persona_is_told_which_there_are(
    meet: Meet, language: str, sentence: str
) -> None:
    assistant = await meet(language)
    reply = await assistant.ask(sentence, language)
    assert reply in replies(language, "unknown_persona", heard="Ziggy", known="Hinge")


@pytest.mark.parametrize(
    ("spoken", "answered"),
    [
        ("en-GB", "en"),
        ("de-CH", "de"),
        ("fr-CA", "fr"),
        ("es-MX", "es"),
        ("nl-BE", "nl"),
        ("it", "en"),
        ("pt-BR", "en"),
    ],
)
async def test_the_answer_is_in_the_language_of_the_pipeline_or_else_in_english(
    meet: Meet, spoken: str, answered: str
) -> None:
    assistant = await meet()
    reply = await assistant.ask("how many quips are left", spoken)
    assert reply in replies(answered, "stock_many", who="Hinge", count=10)


@pytest.mark.parametrize("tone", Tone)
async def test_the_answer_is_in_the_persona_s_tone(
    hass: HomeAssistant, player: RecordingPlayer, hass_ws_client: WebSocketGenerator, tone: Tone
) -> None:
    put_on_disk(hass, *TEN)
    await set_up(hass, make_entry(hass, personas=[persona(tone=tone)]))
    assistant = await meet_assistant(hass, hass_ws_client)
    reply = await assistant.ask("how many quips are left")
    assert reply in replies("en", "stock_many", tone, who="Hinge", count=10)


@pytest.mark.parametrize(
    "sentence",
    [
        "turn on the lights",
        "play the sound of silence",
        "make it quits",
        "did she say that",
        "Stop",
    ],
)
async def test_what_is_none_of_our_business_is_left_to_others(meet: Meet, sentence: str) -> None:
    assistant = await meet()
    reply = await assistant.ask(sentence)
    assert "Front door" not in reply
    assert "Hinge" not in reply
