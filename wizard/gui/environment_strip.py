"""The strip over every page of a production profile: the word and the colour of what must not be mistaken."""

from __future__ import annotations

from gettext import gettext as _

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QLabel, QWidget

from wizard.gui.style import SPACE, on_tone, scaled_font, tone


class EnvironmentStrip(QLabel):
    """Shown for production only: where every page shouted, none would be heard."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("environment")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setFont(scaled_font(1.0, bold=True))
        self.setContentsMargins(SPACE, SPACE // 2, SPACE, SPACE // 2)
        self.setAutoFillBackground(True)
        self._colour()
        self.hide()

    def show_environment(self, environment: object) -> None:
        """Show or hide the strip for the environment of a profile."""
        self.setText(_("PRODUCTION - the engines of the customer obey this profile"))
        self.setAccessibleName(self.text())
        self.setVisible(environment == "production")

    def changeEvent(self, event: QEvent) -> None:
        """Another theme: the colour follows."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.ApplicationPaletteChange):
            self._colour()

    def _colour(self) -> None:
        ground = tone("fail")
        palette = self.palette()
        # A change of the palette tells itself; the second time there is nothing to change.
        if palette.color(QPalette.ColorRole.Window) != ground:
            palette.setColor(QPalette.ColorRole.Window, ground)
            palette.setColor(QPalette.ColorRole.WindowText, on_tone())
            self.setPalette(palette)
