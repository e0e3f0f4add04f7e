"""The language of the window: the program's texts and Qt's own, chosen at the foot of the window at any time."""

from __future__ import annotations

from collections.abc import Callable
from gettext import gettext as _

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QPushButton

from wizard import i18n, settings

_QT_WORDS: dict[str, dict[str, str]] = {}
"""Texts that Qt shows and does not translate, by language."""


def speak(language: str | None = None) -> str:
    """Let the program, Qt's own buttons and menus, and the format of numbers be in a language. Gives it.

    None: the one that the environment or the person chose.
    """
    spoken = i18n.use(language)
    QLocale.setDefault(QLocale(spoken))
    app = QCoreApplication.instance()
    for former in app.findChildren(QTranslator):
        app.removeTranslator(former)
        former.deleteLater()
    translator = QTranslator(app)
    if translator.load(f"qtbase_{spoken}", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        app.installTranslator(translator)
    return spoken


def remember(language: str) -> bool:
    """Start with this language from now on, unless APS_LANG or --lang say otherwise. False when it cannot be kept."""
    return settings.keep("language", language)


class LanguageButton(QPushButton):
    """The language in force, by its own name; the others in a menu, each by the name that its speakers look for."""

    def __init__(self, choose: Callable[[str], None]) -> None:
        super().__init__()
        self.setObjectName("quiet")
        # Whoever does not read this language finds it by its name; letters are for the page.
        self.setProperty("no_letter", True)
        menu = QMenu(self)
        group = QActionGroup(menu)
        self.choices: dict[str, QAction] = {}
        for language, habits in i18n.HABITS.items():
            action = menu.addAction(habits.name)
            action.setCheckable(True)
            action.triggered.connect(lambda _checked=False, chosen=language: choose(chosen))
            group.addAction(action)
            self.choices[language] = action
        self.setMenu(menu)
        self.show_language()

    def show_language(self) -> None:
        """Show the language in force."""
        name = i18n.HABITS[i18n.in_force()].name
        self.setText(name)
        self.setAccessibleName(_("Language: {name}").format(name=name))
        self.setToolTip(_("Language of the program"))
        self.choices[i18n.in_force()].setChecked(True)
