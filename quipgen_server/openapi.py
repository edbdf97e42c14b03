"""The API described for programs and people: OpenAPI 3.1, with the limits that hold here."""

from typing import Any

from . import __version__
from .batch import Stage
from .consent import CONSENT
from .order import (
    LARGEST_SEED,
    LONGEST_AVOIDED,
    LONGEST_DESCRIPTION,
    LONGEST_NAME,
    MOST_AVOIDED,
    MOST_QUIPS,
    VOICE_PATTERN,
)
from .persona import Tone

Schema = dict[str, Any]

JSON = "application/json"
SOUNDS = ("audio/wav", "audio/mpeg", "audio/flac", "application/octet-stream")


def _object(required: Schema, optional: Schema | None = None) -> Schema:
    return {
        "type": "object",
        "required": list(required),
        "properties": required | (optional or {}),
        "additionalProperties": False,
    }


def _text(longest: int, shortest: int = 0, **more: Any) -> Schema:
    return {"type": "string", "minLength": shortest, "maxLength": longest} | more


def _whole(lowest: int, highest: int) -> Schema:
    return {"type": "integer", "minimum": lowest, "maximum": highest}


ERROR = _object({"error": {"type": "string"}, "message": {"type": "string"}})
PERSONA = _object(
    {
        "name": _text(LONGEST_NAME, shortest=1, pattern=r"\S"),
        "tone": {"type": "string", "enum": list(Tone)},
    },
    {
        "description": _text(LONGEST_DESCRIPTION),
        "voice": _text(
            100,
            pattern=VOICE_PATTERN,
            description="A name from `quipgen voices`, or what `/voices/` answered. "
            "A clip may still be on its way.",
        ),
    },
)
ORDER = _object(
    {"count": _whole(1, MOST_QUIPS), "persona": PERSONA},
    {
        "avoid": {
            "type": "array",
            "maxItems": MOST_AVOIDED,
            "items": _text(LONGEST_AVOIDED),
            "description": "Lines that none of the batch may nearly repeat.",
        },
        "seed": _whole(0, LARGEST_SEED),
    },
)
PROGRESS = _object(
    {
        "batch": {"type": ["string", "null"]},
        "stage": {"type": "string", "enum": list(Stage)},
        "created": _whole(0, MOST_QUIPS),
        "left": _whole(0, MOST_QUIPS),
        "total": _whole(0, MOST_QUIPS),
        "finished": {"type": "boolean"},
        "error": {"oneOf": [{"type": "null"}, ERROR]},
    },
)
HEALTH = _object(
    {
        "status": {"const": "ok"},
        "version": {"type": "string"},
        "stage": PROGRESS["properties"]["stage"],
    },
)


def _answer(description: str, schema: Schema) -> Schema:
    return {"description": description, "content": {JSON: {"schema": schema}}}


def _errors(**extra: str) -> Schema:
    told = {"400": "Not understood.", "401": "The token is missing or wrong."} | {
        status.removeprefix("_"): description for status, description in extra.items()
    }
    return {status: _answer(description, ERROR) for status, description in told.items()}


def _call(summary: str, answers: Schema, **more: Any) -> Schema:
    return {"summary": summary, "responses": answers} | more


_BATCH_RUNS = _object(
    {
        "error": {"const": "batch_running"},
        "message": {"type": "string"},
        "batch": {"type": "string"},
    },
)
_BODY_ERRORS = {"_408": "The body took too long to arrive.", "_413": "The body is too large."}
_AFTER = {
    "name": "after",
    "in": "query",
    "description": "Leave out the first so many that were made.",
    "schema": {"type": "integer", "minimum": 0, "maximum": 999_999_999, "default": 0},
}

PATHS: Schema = {
    "/health/": {
        "get": _call(
            "Whether a server is there",
            {"200": _answer("It is.", HEALTH), "400": _answer("Not understood.", ERROR)},
            security=[],
        ),
    },
    "/batch/": {
        "post": _call(
            "Start a batch",
            {
                "202": _answer("It runs.", _object({"batch": {"type": "string"}})),
                "409": _answer("Another one runs, or is to be collected first.", _BATCH_RUNS),
            }
            | _errors(**_BODY_ERRORS),
            requestBody={"required": True, "content": {JSON: {"schema": ORDER}}},
        ),
    },
    "/quip_progress/": {
        "get": _call(
            "How far the latest batch is", {"200": _answer("So far.", PROGRESS)} | _errors()
        ),
    },
    "/quips/": {
        "get": _call(
            "The quips made so far",
            {
                "200": {
                    "description": "A zip of quip-UUID.zip: metadata.json and quip.mp3 each.",
                    "content": {"application/zip": {"schema": {"type": "string"}}},
                },
            }
            | _errors(),
            parameters=[_AFTER],
        ),
    },
    "/voices/": {
        "post": _call(
            "Send a clip of a voice to speak like",
            {"200": _answer("Known by this name.", _object({"voice": {"type": "string"}}))}
            | _errors(**_BODY_ERRORS),
            description=CONSENT,
            requestBody={
                "required": True,
                "content": {
                    kind: {"schema": {"type": "string", "format": "binary"}} for kind in SOUNDS
                },
            },
        ),
    },
    "/server_dismissed/": {
        "post": _call(
            "Let the server end itself, or go back to idle where its machine is not its own",
            {"200": _answer("Dismissed.", _object({"stage": PROGRESS["properties"]["stage"]}))}
            | _errors(),
        ),
    },
    "/openapi.json": {
        "get": _call("This document", {"200": _answer("Here.", {"type": "object"})} | _errors()),
    },
}

DOCUMENT: Schema = {
    "openapi": "3.1.0",
    "info": {
        "title": "quipgen",
        "version": __version__,
        "description": "Writes, judges and voices the lines of a talking door.",
    },
    "security": [{"token": []}],
    "components": {"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
    "paths": PATHS,
}
