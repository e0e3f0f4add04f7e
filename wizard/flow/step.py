"""What every page declares: its place among the steps, the sections it fills, its checks and its questions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from wizard.i18n import N_

Widget = Literal["text", "choice", "number", "switch", "secret", "notes", "date", "file", "folder", "source"]


@dataclass(frozen=True)
class Field:
    """One question. `label` and `help` are marked for translation; `choices` pairs values with labels.

    `unit` stands behind a number; `example` inside an empty text; `group` heads fields that belong together;
    `leads` says that its answer changes the questions that follow; `normal` gives the form in which what is typed
    is kept, and what is no answer back as it is.
    """

    path: str
    label: str
    widget: Widget = "text"
    help: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    unit: str = ""
    example: str = ""
    group: str = ""
    leads: bool = False
    normal: Callable[[str], str] | None = None


SECONDS = N_("seconds")
LIMITS = N_("Time limits")


@dataclass(frozen=True)
class Step:
    """One page. `order` is its place among the steps, `sections` are the top-level keys of the profile that it
    fills, `checks` what its Test button runs. `questions` may follow from what is typed already.
    """

    id: str
    order: int
    title: str
    instruction: str
    sections: tuple[str, ...] = ()
    checks: tuple[str, ...] = ()
    questions: tuple[Field, ...] | Callable[[Mapping[str, Any]], tuple[Field, ...]] = ()
