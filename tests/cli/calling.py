"""The program as a stranger starts it: a process of its own, with nothing around it that the test did not put there."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Answer:
    """What a command gave: its exit code and what it said."""

    code: int
    out: str
    err: str


Command = Callable[..., Answer]


ROOT = Path(__file__).resolve().parent.parent.parent


def environment(**more: str) -> dict[str, str]:
    """The test's environment, in English and UTF-8 unless `more` says otherwise."""
    return {**os.environ, "APS_LANG": "en", "PYTHONIOENCODING": "utf-8", "QT_QPA_PLATFORM": "offscreen", **more}


def without(folder: Path, *modules: str) -> dict[str, str]:
    """Variables that make modules look as if they were not installed, here and in every child process."""
    folder.mkdir(exist_ok=True)
    lines = ["import sys", *(f"sys.modules[{module!r}] = None" for module in modules)]
    (folder / "sitecustomize.py").write_text("\n".join(lines) + "\n", "utf-8")
    return {"PYTHONPATH": str(folder)}


def aps(*arguments: object, **options: Any) -> subprocess.CompletedProcess[str]:
    """Run `aps-wizard` to its end. `env` adds variables; `encoding` is what its output is read as."""
    env: Mapping[str, str] = options.pop("env", {})
    options = {"encoding": "utf-8", "timeout": 100, "cwd": ROOT, **options}
    command = [sys.executable, "-m", "wizard", *map(str, arguments)]
    return subprocess.run(command, env=environment(**env), capture_output=True, check=False, **options)


def start(*arguments: object, **env: str) -> subprocess.Popen[str]:
    """Start `aps-wizard` and go on."""
    return subprocess.Popen(
        [sys.executable, "-m", "wizard", *map(str, arguments)],
        env=environment(**env),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )


def answer(text: str) -> Any:
    """JSON as a program reads it: the whole output and nothing else."""
    return json.loads(text)
