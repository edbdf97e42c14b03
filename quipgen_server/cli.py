"""The command `quipgen`: what it understands. What it then does is in commands.py."""

import argparse
import logging
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import __version__, commands
from .consent import CONSENT
from .errors import CommandError, OrderError, QuipgenError
from .persona import Tone
from .settings import CONFIG, ENGINES, LEVELS, Settings, load_settings

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001  no other name
Command = Callable[[Settings, argparse.Namespace], None]

STATUS = "Exit status: 0 all done, 1 failed or done in part, 2 wrong usage, 130 interrupted."
BASE_IMAGE = (
    "resolve:ssm:/aws/service/deeplearning/ami/x86_64/base-oss-nvidia-driver-gpu-ubuntu-24.04/"
    "latest/ami-id"
)
PACKAGE = f"quipgen-server=={__version__}"
SETTINGS = (
    'Each setting may also stand in a TOML file (token_file = "/run/token") or in the environment '
    "(QUIPGEN_TOKEN_FILE=/run/token). The environment is stronger than the file, a flag than both."
)


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit status, as STATUS tells."""
    options = _parser().parse_args(arguments)
    try:
        settings = load_settings(_flags(options), options.config)
        logging.basicConfig(
            level=(settings.log_level or options.level).upper(),
            format="%(asctime)s %(levelname)-7s %(message)s",
        )
        options.run(settings, options)
    except QuipgenError as error:
        print(f"quipgen: {error}", file=sys.stderr)  # noqa: T201
        return 2 if isinstance(error, CommandError | OrderError) else 1
    except KeyboardInterrupt:
        return 130
    return 0


def _flags(options: argparse.Namespace) -> dict[str, object]:
    """Those settings that were given as flags."""
    return {
        name: value for name, value in vars(options).items() if name in Settings.__annotations__
    }


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="quipgen",
        description="Writes, judges and voices the lines of a talking door.",
        epilog=STATUS,
    )
    parser.add_argument("--version", action="version", version=f"quipgen {__version__}")
    subparsers = parser.add_subparsers(required=True, metavar="COMMAND")
    for add in (_add_serve, _add_make, _add_write, _add_judge, _add_voices, _add_train, _add_bake):
        add(subparsers)
    return parser


def _add_serve(subparsers: "Subparsers") -> None:
    command = _add(
        subparsers,
        "serve",
        "make quips for those who ask over HTTPS",
        commands.serve,
        "quipgen serve --host 0.0.0.0 --token-file token --voice-engine pocket-tts",
    )
    command.set_defaults(level="info")
    setting = _settings(command)
    setting("--host", help="address to listen on (127.0.0.1)")
    setting("--port", help="0: any free one (8765)")
    setting("--token-file", help="file with the token that clients must give, else QUIPGEN_TOKEN")
    setting("--tls", help="false: in the open, which loopback alone may (true)")
    setting("--certificate", help="PEM file (one that the server makes, and clients pin)")
    setting("--key", help="PEM file, if the key is not in that of the certificate")
    setting("--state", help="folder for the certificate that the server makes")
    setting("--voices", help="folder of clips: NAME.wav, .mp3 or .flac is the voice NAME")
    setting("--own-machine", help="true: end after --boot-minutes, --idle-minutes and dismissal")
    setting("--boot-minutes", help="from the machine's start (15)")
    setting("--idle-minutes", help="after a batch (3)")
    setting("--end-command", help="ends the machine, as 'systemctl poweroff' (none)")
    setting("--order", help="JSON file, as for POST /batch/: the batch to begin with (none)")
    _add_model(command)
    _add_voice(command)


def _add_make(subparsers: "Subparsers") -> None:
    command = _add(
        subparsers,
        "make",
        "make quips here: FOLDER/<uuid>.mp3 and <uuid>.json",
        commands.make,
        "quipgen make -n 20 -o quips --tone sarcastic --voice en-us+f3",
    )
    command.add_argument("-o", "--output", type=Path, required=True, metavar="FOLDER")
    command.add_argument("--voice", default="", help="one that `quipgen voices` lists")
    setting = _settings(command)
    setting("--voices", help="folder of clips: NAME.wav, .mp3 or .flac is the voice NAME")
    _add_order(command)
    _add_model(command)
    _add_voice(command)


def _add_write(subparsers: "Subparsers") -> None:
    command = _add(
        subparsers,
        "write",
        "write lines, and print each after its mood (-1 to 1)",
        commands.write,
        "quipgen write -n 5 --tone sombre --model Qwen/Qwen3-1.7B",
    )
    _add_order(command)
    _add_model(command)


def _add_judge(subparsers: "Subparsers") -> None:
    command = _add(
        subparsers,
        "judge",
        "judge a model by what it writes unaided; fails where a bar does",
        commands.judge,
        "quipgen judge --show 20",
    )
    command.add_argument("-n", "--count", type=int, default=500, help="lines to draw (%(default)s)")
    command.add_argument("--seed", type=int, default=1, help="of the draw (%(default)s)")
    command.add_argument("--show", type=int, default=0, metavar="N", help="print N of them")
    _add_model(command)


def _add_voices(subparsers: "Subparsers") -> None:
    command = _add(
        subparsers,
        "voices",
        f"list the voices of an engine. {CONSENT}",
        commands.voices,
        "quipgen voices --voice-engine pocket-tts --voices clips",
    )
    setting = _settings(command)
    setting("--voices", help="folder of clips: NAME.wav, .mp3 or .flac is the voice NAME")
    _add_voice(command)


def _add_train(subparsers: "Subparsers") -> None:
    command = _add(
        subparsers,
        "train",
        "train the built-in model from the corpus",
        commands.train,
        "quipgen train -o model && quipgen judge --model ./model",
    )
    command.add_argument("-o", "--output", type=Path, required=True, metavar="FOLDER")
    command.add_argument("--minutes", type=float, help="stop after that long at the latest")


def _add_bake(subparsers: "Subparsers") -> None:
    command = _add(
        subparsers,
        "bake",
        "make an image (AMI) at AWS with the server and its models in it. An instance is launched "
        "for it, which costs about 0.1 $, and is terminated whatever happens.",
        commands.bake,
        "quipgen bake --region us-east-1 --voice-engine pocket-tts --hub-token-file hub",
    )
    command.set_defaults(level="info")
    command.add_argument(
        "--region", help="such as us-east-1, else what AWS_DEFAULT_REGION or ~/.aws/config name"
    )
    command.add_argument("--image", default=BASE_IMAGE, help="what to begin with (%(default)s)")
    command.add_argument("--type", default="t3.large", help="of the instance (%(default)s)")
    command.add_argument("--volume", type=int, default=40, help="GiB, at least (%(default)s)")
    command.add_argument("--package", default=PACKAGE, help="what pip installs (%(default)s)")
    command.add_argument("--name", help="of the image; AWS wants another one for each")
    command.add_argument("--hub-token-file", type=Path, help="a token for models that are gated")
    command.add_argument("--dry-run", action="store_true", help="ask AWS whether it would; no more")
    _add_model(command)
    setting = _settings(command)
    setting("--voice-engine", help=f"{' or '.join(ENGINES)} ({ENGINES[0]})")
    setting("--voice-model", help="hub id, for an engine that has models")


def _add(
    subparsers: "Subparsers", name: str, purpose: str, run: Command, example: str
) -> argparse.ArgumentParser:
    command = subparsers.add_parser(
        name,
        help=purpose.partition(". ")[0],
        description=purpose,
        epilog=f"Example:\n  {example}\n\n{SETTINGS}\n{STATUS}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.set_defaults(run=run, level="warning")
    command.add_argument("--config", type=Path, help=f"TOML file with settings, else {CONFIG}")
    _settings(command)("--log-level", help=", ".join(LEVELS))
    return command


def _add_order(command: argparse.ArgumentParser) -> None:
    command.add_argument("-n", "--count", type=int, default=10, help="how many (%(default)s)")
    command.add_argument("--name", default="Door", help="the persona's name (%(default)s)")
    command.add_argument("--description", default="", help="who the persona is")
    command.add_argument("--tone", default="neutral", help=f"{', '.join(Tone)} (%(default)s)")
    command.add_argument("--seed", type=int, help="the same lines again for the same seed")
    command.add_argument("--avoid-file", type=Path, help="lines not to repeat, one on each line")


def _add_model(command: argparse.ArgumentParser) -> None:
    _settings(command)("--model", help="a model's folder or hub id (the built-in one)")


def _add_voice(command: argparse.ArgumentParser) -> None:
    setting = _settings(command)
    setting("--voice-engine", help=f"{' or '.join(ENGINES)} ({ENGINES[0]})")
    setting("--voice-model", help="folder or hub id, for an engine that has models")
    setting("--lead-silence", help="ms of silence before each line, to wake an amplifier (0)")


def _settings(command: argparse.ArgumentParser) -> Callable[..., object]:
    """Adds flags that stay away unless given, so that a file and the environment count."""

    def setting(flag: str, **options: Any) -> object:
        return command.add_argument(flag, default=argparse.SUPPRESS, **options)

    return setting
