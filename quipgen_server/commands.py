"""What each command does. What takes seconds to import is imported by the one that needs it."""

import argparse
import signal
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from .consent import CONSENT
from .errors import CommandError, QuipgenError
from .models import find_model
from .order import Order, check_order
from .order_file import read_order
from .settings import Settings
from .writer import load_writer

if TYPE_CHECKING:
    from .bake import Plan

POCKET_MODEL = "kyutai/pocket-tts"
SHORTEST_TOKEN = 16
ADVICE = (
    "Make one with `python3 -c 'import secrets; print(secrets.token_urlsafe(32))' > token` and "
    "give it with `--token-file token`, or in the environment as QUIPGEN_TOKEN."
)


class BarError(QuipgenError):
    """The model that was judged does not clear a bar."""

    code = "bar"


def serve(settings: Settings, _: argparse.Namespace) -> None:
    token = token_of(settings)
    order = read_order(settings.order) if settings.order else None
    model = find_model(settings.model)

    from .serve import run  # noqa: PLC0415
    from .studio import Studio  # noqa: PLC0415
    from .voices.clips import Clips  # noqa: PLC0415
    from .voices.engines import load_engine  # noqa: PLC0415

    studio = Studio(
        partial(load_writer, model),
        load_engine(settings),
        Clips(settings.voices),
        settings.lead_silence,
    )
    run(settings, token, studio, order)


def make(settings: Settings, options: argparse.Namespace) -> None:
    order = _order(options, voice=options.voice)
    model = find_model(settings.model)

    from .batch import Batch  # noqa: PLC0415
    from .make import make  # noqa: PLC0415
    from .voices.clips import Clips  # noqa: PLC0415
    from .voices.engines import load_engine, open_voice  # noqa: PLC0415

    voice = partial(open_voice, load_engine(settings), Clips(settings.voices))
    make(Batch(order, partial(load_writer, model), voice, settings.lead_silence), options.output)


def write(settings: Settings, options: argparse.Namespace) -> None:
    order = _order(options)

    from .writing import Author  # noqa: PLC0415

    author = Author(load_writer(find_model(settings.model)), order)
    for line in author.lines():
        print(f"{line.mood:+.2f}  {line.text}")  # noqa: T201


def judge(settings: Settings, options: argparse.Namespace) -> None:
    from .judge import judge  # noqa: PLC0415

    verdict = judge(load_writer(find_model(settings.model)), options.count, options.seed)
    for line in verdict.shown(options.show):
        print(line)  # noqa: T201
    print(*verdict.bars, sep="\n")  # noqa: T201
    if not verdict.holds:
        raise BarError("The model does not clear every bar. Train it longer, or on more lines.")


def voices(settings: Settings, _: argparse.Namespace) -> None:
    from .voices.clips import Clips  # noqa: PLC0415
    from .voices.engines import load_engine  # noqa: PLC0415

    engine = load_engine(settings)
    names = engine.voices() + (Clips(settings.voices).names() if engine.clones else [])
    print(f"{engine.name}:", *(names or ["none; give clips with --voices"]), sep="\n  ")  # noqa: T201
    print(CONSENT)  # noqa: T201


def train(_: Settings, options: argparse.Namespace) -> None:
    from .training.train import train  # noqa: PLC0415

    train(options.output, minutes=options.minutes)


def bake(settings: Settings, options: argparse.Namespace) -> None:
    from .account import Account  # noqa: PLC0415
    from .bake import bake, launch_request, monthly_price  # noqa: PLC0415

    plan = _plan(settings, options)
    account = Account(options.region)
    print(f"Account {account.identity()}, {account.region}: {plan}.")  # noqa: T201
    if options.dry_run:
        account.rehearse(launch_request(account, plan))
        print("AWS would launch the builder.", *account.instances(), sep="\nLeft over: ")  # noqa: T201
        return
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # else it would skip the cleaning up
    image = bake(account, plan)
    cost = f"at most {monthly_price(image):.2f} $ a month (us-east-1, November 2026)"
    print(f"{image.id}: a snapshot of {image.gib} GiB, {cost}")  # noqa: T201


def token_of(settings: Settings) -> str:
    """From its file, which goes first, or as it is. Raises CommandError."""
    file = settings.token_file
    token = _read(file).strip() if file else settings.token
    if not token:
        raise CommandError(f"The server answers nobody without a token. {ADVICE}")
    if len(token) < SHORTEST_TOKEN or not (token.isascii() and token.isprintable()):
        raise CommandError(
            f"The token must have at least {SHORTEST_TOKEN} plain characters. {ADVICE}",
        )
    return token


def _plan(settings: Settings, options: argparse.Namespace) -> "Plan":
    from .bake import Plan  # noqa: PLC0415
    from .builder import Recipe  # noqa: PLC0415

    speaks_by_model = settings.voice_engine == "pocket-tts"
    id_ = uuid4().hex
    recipe = Recipe(
        id=id_,
        package=options.package,
        model=_hub_id(settings.model),
        voice_model=_hub_id(settings.voice_model or POCKET_MODEL) if speaks_by_model else None,
        hub_token=_read(options.hub_token_file).strip() if options.hub_token_file else "",
    )
    return Plan(
        name=options.name or f"quipgen-{id_[:8]}",
        base=options.image,
        type=options.type,
        volume=options.volume,
        recipe=recipe,
    )


def _hub_id(model: str | None) -> str | None:
    """A folder of this machine is not on the builder."""
    if model and (model.startswith(("/", ".", "~")) or Path(model).exists()):
        raise CommandError(f"{model} is a folder here. The builder fetches models from the hub.")
    return model


def _order(options: argparse.Namespace, **persona: str) -> Order:
    persona |= {key: getattr(options, key) for key in ("name", "description", "tone")}
    wanted = {"count": options.count, "persona": persona, "avoid": _lines(options.avoid_file)}
    seed = {} if options.seed is None else {"seed": options.seed}
    return check_order(wanted | seed)


def _lines(file: Path | None) -> list[str]:
    return [line for line in _read(file).splitlines() if line.strip()] if file else []


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise CommandError(f"Cannot read {file}: {error}") from error
