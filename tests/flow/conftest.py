"""A machine of its own for each test of the flow: its folder of profiles is the one that the test writes to."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def machine_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("APS_PROFILE_DIR", str(tmp_path))
