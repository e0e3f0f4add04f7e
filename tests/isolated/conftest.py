"""Children that know one module more than the program has."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

TARGETS = Path(__file__).parent / "targets"


@pytest.fixture(autouse=True)
def _unruly(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Python imports sitecustomize in every process that it starts; the program itself knows nothing of this."""
    folder = tmp_path_factory.mktemp("site")
    lines = f"import wizard\nwizard.__path__.append({str(TARGETS)!r})\n"
    (folder / "sitecustomize.py").write_text(lines, encoding="utf-8")
    before = [path] if (path := os.environ.get("PYTHONPATH")) else []
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(folder), *before]))
