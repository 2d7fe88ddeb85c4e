"""The gallery, imported as `helio run` imports it."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

GALLERY = Path(__file__).parents[2] / "gallery"


@pytest.fixture
def modules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The gallery's modules can be imported, with fresh databases; afterwards they are gone."""
    monkeypatch.chdir(tmp_path)  # todo.py keeps its database in the working directory
    monkeypatch.setenv("HELIO_GALLERY_DB", str(tmp_path / "gallery.db"))
    monkeypatch.setattr(sys, "path", [str(GALLERY), *sys.path])
    before = set(sys.modules)
    yield
    for name in set(sys.modules) - before:
        file = getattr(sys.modules[name], "__file__", None) or ""
        if Path(file).parent == GALLERY:
            del sys.modules[name]
