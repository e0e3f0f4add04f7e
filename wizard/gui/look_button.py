"""A button with the choice of light, dark, or as the system has it."""

from __future__ import annotations

from gettext import gettext as _

from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QPushButton

from wizard.gui.style import text_icon
from wizard.gui.theme import THEMES, theme

NAMES = {
    "system": lambda: _("As the system has it"),
    "light": lambda: _("Light"),
    "dark": lambda: _("Dark"),
}


class LookButton(QPushButton):
    """Opens the menu; the choice counts at once and is kept."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("quiet")
        # Pressed once in a while: the letters are for what is pressed often.
        self.setProperty("no_letter", True)
        self.setIcon(text_icon("theme"))
        menu = QMenu(self)
        group = QActionGroup(self)
        self._choices: dict[str, QAction] = {}
        for name in THEMES:
            action = QAction(self, checkable=True)
            action.setData(name)
            action.setChecked(name == theme().chosen)
            group.addAction(action)
            menu.addAction(action)
            self._choices[name] = action
        group.triggered.connect(lambda chosen: theme().choose(chosen.data()))
        self.setMenu(menu)
        self.show_language()

    def show_language(self) -> None:
        """Say names in the language in force."""
        self.setAccessibleName(_("Appearance"))
        self.setToolTip(self.accessibleName())
        for name, action in self._choices.items():
            action.setText(NAMES[name]())
