"""What an import is doing: a sentence, a bar, and Cancel. Stands where it is seen wherever the page is scrolled to."""

from __future__ import annotations

import time
from gettext import gettext as _

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout

from wizard.flow.grade_import import clock, progress_text
from wizard.grades.import_result import Progress
from wizard.gui.parts import wrapped
from wizard.gui.spoken import ProgressVoice
from wizard.gui.style import SPACE

_STEPS = 1000


class WorkStrip(QFrame):
    """Shown while an import runs. The bar moves where the time left is known, else it only shows that work goes on."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("card")
        self.text = wrapped(selectable=False)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setMaximumHeight(SPACE)
        self.bar.setAccessibleName(_("Progress of the import"))
        self.cancel = QPushButton(_("Cancel"))
        texts = QVBoxLayout()
        texts.setSpacing(SPACE // 2)
        texts.addWidget(self.text)
        texts.addWidget(self.bar)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(SPACE * 2, SPACE, SPACE * 2, SPACE)
        layout.setSpacing(SPACE * 2)
        layout.addLayout(texts, 1)
        layout.addWidget(self.cancel)
        self._began = 0.0
        self._ends = False
        self._last: Progress | None = None
        self._clock = QTimer(self, interval=1000)
        self._clock.timeout.connect(self._say)
        self._started = ""
        self._voice = ProgressVoice(self)
        self.hide()

    def begin(self, text: str) -> None:
        """Show that work began."""
        self._began, self._last, self._started = time.monotonic(), None, text
        self._ends = False
        self.bar.setRange(0, 0)
        self._say()
        self._clock.start()
        self.show()
        self._voice.begin(text)

    def end(self) -> None:
        """Hide again."""
        self._clock.stop()
        self.hide()

    def ending(self) -> None:
        """Say that Cancel was heard. The button stays as it is: disabled it would lose the keyboard."""
        self._ends = True
        self._last, self._started = None, _("Cancelling...")
        self._clock.stop()
        self._say()
        self._voice.begin(self._started)

    def show_progress(self, now: Progress) -> None:
        """Show how far it is."""
        if self._ends:
            return
        self._last = now
        if now.phase == "reading" and now.left is not None:
            elapsed = time.monotonic() - self._began
            self.bar.setRange(0, _STEPS)
            # A bar that goes back makes people doubt.
            share = elapsed / (elapsed + now.left) if elapsed else 0
            self.bar.setValue(max(self.bar.value(), round(_STEPS * share)))
        else:
            self.bar.setRange(0, 0)
        self._say()

    def _say(self) -> None:
        elapsed = time.monotonic() - self._began
        now = self._last
        if now is None:
            self.text.setText(f"{self._started} {clock(elapsed)}")
            return
        self.text.setText(progress_text(now, elapsed))
        self._voice.tell(self.text.text())
