"""Where a language model lies."""

from pathlib import Path

from .errors import ModelError

BUILT_IN = Path(__file__).parent / "model"


def find_model(model: str | Path | None) -> str | Path:
    """A folder, or a hub id; None is the built-in model. Raises ModelError on a missing folder."""
    if model is None:
        return _folder(BUILT_IN, "Reinstall quipgen-server, or run `quipgen train`.")
    looks_like_path = isinstance(model, Path) or model.startswith(("/", ".", "~"))
    path = Path(model).expanduser()
    if looks_like_path or path.exists():
        return _folder(path, "Give a folder made by `save_pretrained`, or the id of a hub model.")
    return model


def _folder(path: Path, advice: str) -> Path:
    if not (path / "config.json").is_file():
        raise ModelError(f"There is no language model in {path}. {advice}")
    return path
