import json
from pathlib import Path

import pytest

from quipgen_server.batch import Batch
from quipgen_server.errors import CommandError, ShortBatchError
from quipgen_server.make import make
from quipgen_server.order import check_order
from quipgen_server.writing import Writer

from .actors import Actor
from .client import an_order
from .writers import CorpusWriter, NoiseWriter


def a_batch(count: int, writer: Writer) -> Batch:
    return Batch(check_order(an_order(count)), lambda: writer, Actor(["speaks"]))


def test_each_quip_becomes_a_sound_and_what_is_known_of_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "new" / "quips"
    make(a_batch(3, CorpusWriter()), folder)

    sounds = sorted(folder.glob("*.mp3"))
    assert len(sounds) == 3
    assert len(list(folder.iterdir())) == 6
    shown = capsys.readouterr().out
    for sound in sounds:
        metadata = json.loads(sound.with_suffix(".json").read_text())
        assert metadata["uuid"] == sound.stem
        assert sound.read_bytes().startswith(b"ID3")
        assert metadata["text"] in shown


def test_too_few_quips_are_told(tmp_path: Path) -> None:
    with pytest.raises(ShortBatchError, match="0 of 2"):
        make(a_batch(2, NoiseWriter()), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    with pytest.raises(CommandError, match=f"Cannot write to {file}/below"):
        make(a_batch(2, CorpusWriter()), file / "below")
