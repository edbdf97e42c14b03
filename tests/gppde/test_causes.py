"""Is what went wrong told in the language of the home, to the last word of ours?"""

import ast
import re
from typing import Any

import pytest
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.setup import async_setup_component
from homeassistant.util.json import load_json_object
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.gppde.causes import told
from custom_components.gppde.const import DOMAIN
from custom_components.gppde.errors import GppdeError
from custom_components.gppde.words import Words

from .assistants import CHOICE, WRITER, Speaker, Writer, make_assist_entry, move_in
from .aws.faults import Refused
from .aws.proxy import Proxy
from .causes import (
    EXEMPT,
    GAP,
    PACKAGE,
    TRANSLATIONS,
    calls,
    messages,
    needs_translation,
)
from .ec2_entries import FORM, make_ec2_entry
from .flows.forms import start, submit
from .helpers import (
    PERSONA,
    device_id,
    find_issue,
    make_entry,
    press,
    put_on_disk,
    set_up,
)
from .onlooker import Onlooker
from .quipgen_double import Quipgen
from .test_system_health import told as told_by_system_health

ENGLISH = messages("en")
GIVEN_BY_THE_ERROR = {"code", "action"}


# --- Every cause has its text ---------------------------------------------------------------


def templates() -> set[str]:
    """Return every sentence in the code."""
    return {ast.literal_eval(call.args[0]) for call in calls()}


def test_every_sentence_is_written_where_it_is_needed() -> None:
    """What is put together before it is given away finds no translation."""
    made_up = [ast.unparse(call) for call in calls() if not isinstance(call.args[0], ast.Constant)]
    assert made_up == []


def test_every_cause_has_its_text_and_no_other_has_one() -> None:
    spoken = set(filter(needs_translation, templates()))
    assert spoken - set(ENGLISH.values()) == set()
    assert set(ENGLISH.values()) - spoken == set()
    assert len(set(ENGLISH.values())) == len(ENGLISH)


def test_every_gap_is_filled() -> None:
    for call in calls():
        filled = {each.arg for each in call.keywords} | GIVEN_BY_THE_ERROR
        assert set(GAP.findall(ast.literal_eval(call.args[0]))) <= filled, ast.unparse(call)


def test_the_exempt_modules_are_there() -> None:
    assert all((PACKAGE / path).is_file() for path in EXEMPT)


# --- What a person reads --------------------------------------------------------------------


@pytest.fixture
async def german(hass: HomeAssistant) -> None:
    """Live in a home that speaks German."""
    await hass.config.async_update(language="de")
    await hass.async_block_till_done()


def read(error: HomeAssistantError) -> str:
    """Return what the German frontend makes of an error."""
    texts: Any = load_json_object(TRANSLATIONS / "de.json")
    message: str = texts["exceptions"][error.translation_key]["message"]
    return message.format_map(error.translation_placeholders or {})


async def failed_refill(hass: HomeAssistant) -> str:
    """Ask for quips, and return what is read of the failure."""
    with pytest.raises(HomeAssistantError) as failure:
        await hass.services.async_call(DOMAIN, "refill", blocking=True)
    await hass.async_block_till_done(wait_background_tasks=True)
    return read(failure.value)


def in_issue(hass: HomeAssistant, issue_id: str) -> str:
    """Return the cause that a repair tells."""
    issue = find_issue(hass, issue_id)
    assert issue
    assert issue.translation_placeholders
    return issue.translation_placeholders["error"]


def stocked(hass: HomeAssistant) -> None:
    """Put so much on disk that nothing is refilled unless a person asks."""
    put_on_disk(hass, *(f"Line {n}." for n in range(9)))


@pytest.mark.usefixtures("player", "german")
async def test_an_unreachable_server_is_told_in_the_homes_language(
    hass: HomeAssistant, hass_ws_client: WebSocketGenerator
) -> None:
    stocked(hass)
    await set_up(hass, make_entry(hass))
    assert await failed_refill(hass) == (
        "Die Auffüllung für Hinge ist fehlgeschlagen: Kein quipgen-Server antwortet: dort hört "
        "nichts zu. Solange der Vorrat knapp ist, versucht GPPDE es von selbst wieder."
    )
    client = await hass_ws_client(hass)
    await client.send_json_auto_id({"type": "gppde/subscribe"})
    seen = await Onlooker(client, (await client.receive_json())["id"]).sees()
    assert seen["refill"]["last_error"] == "Kein quipgen-Server antwortet: dort hört nichts zu."


@pytest.mark.usefixtures("player", "german")
async def test_a_refused_token_is_told_in_the_homes_language(
    hass: HomeAssistant, quipgen: Quipgen
) -> None:
    stocked(hass)
    entry = make_entry(hass, url=quipgen.url)
    hass.config_entries.async_update_entry(entry, data={**entry.data, "token": "outdated"})
    await set_up(hass, entry)
    assert (await failed_refill(hass)).startswith("Der quipgen-Server weist das Token")
    assert entry.runtime_data.refill.last_error == "Der quipgen-Server nimmt das Token nicht an."


@pytest.mark.usefixtures("player", "german")
async def test_a_missing_writer_is_told_in_the_homes_language(hass: HomeAssistant) -> None:
    stocked(hass)
    await move_in(hass, Speaker())
    await set_up(hass, make_assist_entry(hass))
    assert f"Es gibt keine KI-Aufgabe {WRITER}, oder sie ist" in await failed_refill(hass)


@pytest.mark.usefixtures("player", "german")
async def test_an_engine_that_is_not_there_is_told_in_the_homes_language(
    hass: HomeAssistant,
) -> None:
    stocked(hass)
    await set_up(hass, make_entry(hass))
    line = {"persona": device_id(hass, PERSONA), "text": "Mind the gap.", "engine": "tts.nobody"}
    with pytest.raises(HomeAssistantError) as failure:
        await hass.services.async_call(DOMAIN, "add_quip", line, blocking=True)
    assert read(failure.value).startswith("Es gibt keine Sprachausgabe tts.nobody. Nenne eine")


@pytest.mark.usefixtures("player", "german")
async def test_causes_within_causes_are_told_in_the_homes_language(hass: HomeAssistant) -> None:
    stocked(hass)
    await move_in(hass, Writer(HomeAssistantError("No {credits}.")), Speaker())
    entry = make_entry(hass)
    hass.config_entries.async_update_entry(entry, options={"stand_in": CHOICE})
    await set_up(hass, entry)
    assert (
        "Kein quipgen-Server antwortet: dort hört nichts zu. Auch die Vertretung ist gescheitert: "
        f"{WRITER} hat nichts geschrieben: No {{credits}}." in await failed_refill(hass)
    )


@pytest.mark.usefixtures("player", "german")
async def test_what_aws_refuses_is_told_in_the_homes_language_with_its_own_words(
    hass: HomeAssistant, aws: Proxy
) -> None:
    stocked(hass)
    await set_up(hass, make_ec2_entry(hass))
    aws.faults += [
        Refused(action="DescribeInstances", code="RequestExpired", times=9),
        Refused(action="DescribeInstanceTypeOfferings", code="RequestExpired", times=9),
    ]
    failure = await failed_refill(hass)
    assert re.search(
        r"AWS lehnt Describe\w+ ab: .+ Die Uhr dieses Rechners geht falsch\. Stelle sie\. "
        r"\(RequestExpired\)",
        failure,
    )


@pytest.mark.usefixtures("player", "german")
async def test_a_spent_budget_is_told_in_the_homes_language(
    hass: HomeAssistant, aws: Proxy
) -> None:
    stocked(hass)
    await set_up(hass, make_ec2_entry(hass, options={"budget": 0.0}))
    await failed_refill(hass)
    assert in_issue(hass, "budget_spent") == (
        "0.00 der 0.00 Dollar, die du für einen Monat erlaubst, sind ausgegeben."
    )


@pytest.mark.usefixtures("german")
async def test_the_form_of_an_account_tells_in_the_homes_language_what_aws_refuses(
    hass: HomeAssistant, aws: Proxy
) -> None:
    aws.faults.append(Refused(action="GetCallerIdentity", code="Blocked", times=9))
    shown = await submit(hass, await start(hass, "ec2"), FORM)
    assert shown["errors"] == {"base": "aws_refuses"}
    cause = shown["description_placeholders"]["error"]
    assert cause.startswith("AWS lehnt GetCallerIdentity ab: ")
    assert cause.endswith(
        "AWS hat das Konto gesperrt. Wende dich an den Support von AWS. (Blocked)"
    )


@pytest.mark.usefixtures("player", "german")
async def test_a_preflight_tells_in_the_homes_language_what_aws_refuses(
    hass: HomeAssistant, aws: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def home_address(_: object) -> str:
        return "203.0.113.5"

    monkeypatch.setattr("custom_components.gppde.ec2.preflight_report.home_address", home_address)
    stocked(hass)
    await set_up(hass, make_ec2_entry(hass))
    aws.faults.append(
        Refused(action="GetCallerIdentity", code="InvalidClientTokenId", status=403, times=9)
    )
    answer: Any = await hass.services.async_call(
        DOMAIN, "preflight", blocking=True, return_response=True
    )
    [check] = answer["checks"]
    assert check["sentence"] == (
        "AWS nimmt die Schlüssel nicht an. Gib gültige ein, und prüfe, ob die Uhr dieses Rechners "
        "stimmt und ob die Region für das Konto freigeschaltet ist. (InvalidClientTokenId)"
    )


@pytest.mark.usefixtures("player", "german")
async def test_system_information_tells_in_the_homes_language(
    hass: HomeAssistant, hass_ws_client: WebSocketGenerator
) -> None:
    stocked(hass)
    await set_up(hass, make_entry(hass))
    info = await told_by_system_health(hass, hass_ws_client)
    assert info["server"]["error"] == "Kein quipgen-Server antwortet: dort hört nichts zu."


@pytest.mark.usefixtures("player")
async def test_a_home_without_a_translation_reads_english(hass: HomeAssistant) -> None:
    await hass.config.async_update(language="fi")
    stocked(hass)
    entry = await set_up(hass, make_entry(hass))
    with pytest.raises(HomeAssistantError):
        await press(hass, "refill", PERSONA)
    cause = "No quipgen server answers: nothing listens there."
    assert entry.runtime_data.refill.last_error == cause


@pytest.mark.usefixtures("german")
async def test_a_cause_without_a_translation_is_told_in_english(hass: HomeAssistant) -> None:
    assert await async_setup_component(hass, DOMAIN, {})
    error = GppdeError("Nobody has put {what} into German.", what=Words("it takes too long"))
    assert await told(hass, error) == "Nobody has put es dauert zu lange into German."
