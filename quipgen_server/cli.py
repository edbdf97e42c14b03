"""The command `quipgen`. What takes seconds to import is imported by the command that needs it."""

import argparse
import asyncio
import logging
import os
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from . import __version__
from .errors import CommandError, OrderError, QuipgenError
from .models import find_model
from .persona import Tone
from .writer import load_writer

TOKEN_VARIABLE = "QUIPGEN_TOKEN"  # noqa: S105  its name, not a token
SHORTEST_TOKEN = 16
TOKEN_ADVICE = (
    "Make one with `python3 -c 'import secrets; print(secrets.token_urlsafe(32))' > token` and "
    f"give it with `--token-file token`, or in the environment as {TOKEN_VARIABLE}."
)
EPILOG = "Exit status: 0 all done, 1 failed or done in part, 2 wrong usage, 130 interrupted."


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit status, as EPILOG tells."""
    options = _parser().parse_args(arguments)
    logging.basicConfig(
        level=options.level,
        format="%(asctime)s %(levelname)-7s %(message)s",
    )
    try:
        options.run(options)
    except QuipgenError as error:
        print(f"quipgen: {error}", file=sys.stderr)  # noqa: T201
        return 2 if isinstance(error, CommandError | OrderError) else 1
    except KeyboardInterrupt:
        return 130
    return 0


def _serve(options: argparse.Namespace) -> None:
    token = _token(options.token_file)
    model = find_model(options.model)

    from .serve import serve  # noqa: PLC0415
    from .studio import Studio  # noqa: PLC0415
    from .voices.espeak import Espeak  # noqa: PLC0415

    studio = Studio(partial(load_writer, model), Espeak)
    asyncio.run(serve(studio, token, options.host, options.port))


def _make(options: argparse.Namespace) -> None:
    from .batch import Batch  # noqa: PLC0415
    from .make import make  # noqa: PLC0415
    from .order import check_order  # noqa: PLC0415
    from .voices.espeak import Espeak  # noqa: PLC0415

    persona = {key: getattr(options, key) for key in ("name", "description", "tone", "voice")}
    wanted = {"count": options.count, "persona": persona, "avoid": _lines(options.avoid_file)}
    seed = {} if options.seed is None else {"seed": options.seed}
    order = check_order(wanted | seed)
    make(Batch(order, partial(load_writer, find_model(options.model)), Espeak), options.output)


def _train(options: argparse.Namespace) -> None:
    from .training.train import train  # noqa: PLC0415

    train(options.output, minutes=options.minutes)


def _token(file: Path | None) -> str:
    token = _read(file).strip() if file else os.environ.get(TOKEN_VARIABLE, "")
    if not token:
        raise CommandError(f"The server answers nobody without a token. {TOKEN_ADVICE}")
    if len(token) < SHORTEST_TOKEN or not (token.isascii() and token.isprintable()):
        raise CommandError(
            f"The token must have at least {SHORTEST_TOKEN} plain characters. {TOKEN_ADVICE}",
        )
    return token


def _lines(file: Path | None) -> list[str]:
    return [line for line in _read(file).splitlines() if line.strip()] if file else []


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise CommandError(f"Cannot read {file}: {error}") from error


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="quipgen",
        description="Writes and voices the lines of a talking door.",
        epilog=EPILOG,
    )
    parser.add_argument("--version", action="version", version=f"quipgen {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    command = _add(commands, "serve", "make quips for those who ask over HTTP", _serve)
    command.set_defaults(level=logging.INFO)
    command.add_argument("--host", default="127.0.0.1", help="address to listen on (%(default)s)")
    command.add_argument("--port", type=int, default=8765, help="0: any free one (%(default)s)")
    command.add_argument(
        "--token-file",
        type=Path,
        help=f"file with the token that clients must give (else {TOKEN_VARIABLE})",
    )
    _add_model(command)

    command = _add(commands, "make", "make quips here: FOLDER/<uuid>.mp3 and <uuid>.json", _make)
    command.add_argument("-n", "--count", type=int, default=10, help="how many (%(default)s)")
    _add_output(command)
    command.add_argument("--name", default="Door", help="the persona's name (%(default)s)")
    command.add_argument("--description", default="", help="who the persona is")
    command.add_argument("--tone", default="neutral", help=f"{', '.join(Tone)} (%(default)s)")
    command.add_argument("--voice", default="", help="one of `espeak-ng --voices`, as en-us+f3")
    command.add_argument("--seed", type=int, help="the same lines again for the same seed")
    command.add_argument("--avoid-file", type=Path, help="lines not to repeat, one on each line")
    _add_model(command)

    command = _add(commands, "train", "train the built-in model from the corpus", _train)
    _add_output(command)
    command.add_argument("--minutes", type=float, help="stop after that long at the latest")
    return parser


def _add(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    purpose: str,
    run: Callable[[argparse.Namespace], None],
) -> argparse.ArgumentParser:
    command = commands.add_parser(name, help=purpose, description=purpose, epilog=EPILOG)
    command.set_defaults(run=run, level=logging.WARNING)
    return command


def _add_output(command: argparse.ArgumentParser) -> None:
    command.add_argument("-o", "--output", type=Path, required=True, metavar="FOLDER")


def _add_model(command: argparse.ArgumentParser) -> None:
    command.add_argument("--model", help="a model's folder or hub id (the built-in one)")
