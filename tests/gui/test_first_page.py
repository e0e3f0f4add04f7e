"""The frame that stands on the screen before the window: in a process of its own, as it starts."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from wizard import settings
from wizard.gui.style import SCHEMES

PROGRAM = """
import json, sys
from pathlib import Path
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication
from wizard.gui import first_page

def ground(widget):
    return widget.palette().color(QPalette.ColorRole.Window).name()

page = first_page.show()
system = QApplication.style().standardPalette().color(QPalette.ColorRole.Window).name()
told = {"loaded": list(sys.modules), "painted": page.painted, "page": ground(page), "system": system}
from wizard.gui.app import application, make_window
application()
window = make_window(Path(sys.argv[1]))
window.resize(100, 100)
place = page.geometry()
first_page.give_way(window)
told |= {"window": ground(window), "same place": window.geometry() == place}
told["seen"] = [page.isVisible(), window.isVisible()]
window.close()
print(json.dumps(told))
"""


@pytest.mark.parametrize("chosen", ["system", "light", "dark"])
def test_it_has_the_colours_that_were_chosen_and_gives_way_to_the_window(chosen: str, tmp_path: Path) -> None:
    assert settings.keep("theme", chosen)
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(tmp_path)], capture_output=True, text=True, timeout=60, check=True
    )
    told = json.loads(done.stdout)
    assert told["painted"]
    assert told["page"] == (told["system"] if chosen == "system" else SCHEMES[chosen]["window"])
    assert told["window"] == SCHEMES["dark" if chosen == "dark" else "light"]["window"]
    assert told["same place"]
    assert told["seen"] == [False, True]
    # Each of these takes a good part of the time that the page itself takes.
    assert {"pydantic", "typer", "yaml", "sqlalchemy", "hashlib", "dataclasses"}.isdisjoint(told["loaded"])
