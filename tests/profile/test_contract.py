"""The engines take the profile by itself: it brings neither the rest of the program nor heavy libraries."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = (
    "PySide6",
    "shiboken6",
    "pyodbc",
    "oracledb",
    "keyring",
    "requests",
    "lxml",
    "zeep",
    "sqlalchemy",
    "typer",
    "click",
)


@pytest.mark.parametrize("module", ["store", "validation", "schema", "load"])
def test_importing_the_profile_imports_nothing_else_of_the_program(module: str) -> None:
    code = f"import wizard.profile.{module}, sys; print(*sorted(sys.modules))"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    modules = answer.stdout.split()
    assert "wizard.profile.models" in modules
    assert [name for name in modules if name.partition(".")[0] in HEAVY] == []
    ours = [name for name in modules if name.startswith("wizard.")]
    assert [name for name in ours if name != "wizard.profile" and not name.startswith("wizard.profile.")] == []
