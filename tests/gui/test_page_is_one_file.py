"""A page that asks questions is one file: the flow walks to it and the window shows it without knowing it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ONE_FILE = """
from wizard.flow.step import Field, Step
STEP = Step("planners", 75, "Planners", "Say who plans", questions=(Field("notes", "Who plans here"),))
"""

SHOWN = """
import json, sys
from pathlib import Path
from wizard.flow import pages
pages.__path__.append(sys.argv[1])
from dataclasses import replace
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel
from wizard.flow import state
from wizard.gui.window import Window
app = QApplication([])
window = Window(Path(sys.argv[1]))
window.begin(replace(state.new_profile(Path(sys.argv[1])), visited=frozenset(state.IDS), step="planners"))
labels = [label.text() for label in window.page.findChildren(QLabel)]
steps = [window.steps.item(row).data(Qt.ItemDataRole.AccessibleTextRole) for row in range(len(state.IDS))]
print(json.dumps({"labels": labels, "steps": steps, "field": window.page.focus_on("notes")}))
window.setProperty("closing", True)
window.close()
"""


def test_a_new_page_is_one_file(tmp_path: Path) -> None:
    (tmp_path / "planners.py").write_text(ONE_FILE, "utf-8")
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run(
        [sys.executable, "-c", SHOWN, tmp_path], capture_output=True, encoding="utf-8", cwd=root, check=False
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert any("Planners" in step for step in told["steps"])
    assert any(label.replace("&", "") == "Who plans here" for label in told["labels"])
    assert told["field"]
