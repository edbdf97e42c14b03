from pathlib import Path

import pytest

from quipgen_server import models
from quipgen_server.errors import ModelError
from quipgen_server.models import find_model


def test_a_folder_and_a_hub_id_are_told_apart(tiny_model: Path) -> None:
    assert find_model(str(tiny_model)) == tiny_model
    assert find_model(tiny_model) == tiny_model
    assert find_model("openai-community/gpt2") == "openai-community/gpt2"


def test_a_relative_folder_is_found(tiny_model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tiny_model.parent)
    assert find_model(tiny_model.name) == Path(tiny_model.name)


@pytest.mark.parametrize("model", ["/nowhere", "./nowhere", "~/nowhere", Path("nowhere")])
def test_a_missing_folder_is_not_looked_for_on_the_hub(model: str | Path) -> None:
    with pytest.raises(ModelError, match=r"no language model in .*nowhere.*save_pretrained"):
        find_model(model)


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no language model"):
        find_model(tmp_path)


def test_without_its_built_in_model_the_server_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(models, "BUILT_IN", tmp_path)
    with pytest.raises(ModelError, match="quipgen train"):
        find_model(None)
