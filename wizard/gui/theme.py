"""Light, dark, or as the system has it; changed while the window is open. The person's choice is kept per user."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import product

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QColor, QIcon, QPalette
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLabel, QListWidget, QTableWidget, QWidget

from wizard import settings
from wizard.gui import style

THEMES = ("system", "light", "dark")
SETTING = "theme"

_ROLES = {
    QPalette.ColorRole.Window: "window",
    QPalette.ColorRole.Base: "base",
    QPalette.ColorRole.AlternateBase: "alternate",
    QPalette.ColorRole.Button: "button",
    QPalette.ColorRole.WindowText: "text",
    QPalette.ColorRole.Text: "text",
    QPalette.ColorRole.ButtonText: "text",
    QPalette.ColorRole.PlaceholderText: "placeholder",
    QPalette.ColorRole.ToolTipBase: "base",
    QPalette.ColorRole.ToolTipText: "text",
    QPalette.ColorRole.Mid: "mid",
    QPalette.ColorRole.Midlight: "midlight",
    QPalette.ColorRole.Light: "light",
    QPalette.ColorRole.Dark: "dark",
    QPalette.ColorRole.Shadow: "shadow",
    QPalette.ColorRole.Highlight: "highlight",
    QPalette.ColorRole.HighlightedText: "highlighted",
    QPalette.ColorRole.Accent: "highlight",
    QPalette.ColorRole.Link: "accent",
    QPalette.ColorRole.LinkVisited: "accent",
}
_FRAMED = ("QComboBox", "QAbstractSpinBox", "QCheckBox")
_FEW = 50
"""Widgets; the first page has less, the window more."""
_DARKENED = 140
"""Per cent by which the style darkens what frames."""
_PALE_WHEN_DISABLED = (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText)


def kept() -> str:
    """What the person chose before: one of THEMES."""
    found = settings.read().get(SETTING)
    return found if found in THEMES else THEMES[0]


def palette(scheme: str) -> QPalette:
    """The palette of a scheme of `style.SCHEMES`."""
    colours = style.SCHEMES[scheme]
    result = QPalette(QColor(colours["button"]), QColor(colours["window"]))
    for role, name in _ROLES.items():
        result.setColor(role, QColor(colours[name]))
    for role in _PALE_WHEN_DISABLED:
        result.setColor(QPalette.ColorGroup.Disabled, role, QColor(colours["disabled"]))
    return result


def framed(scheme: str) -> QPalette:
    """The palette of what the style itself frames. It darkens the window's colour for that: of a dark one nothing would
    be seen."""
    result = palette(scheme)
    result.setColor(QPalette.ColorRole.Window, QColor(style.SCHEMES[scheme]["mid"]).lighter(_DARKENED))
    return result


class Theme(QObject):
    """The one theme of the application. It follows the system until a person chooses, and the contrast always."""

    changed = Signal()

    def __init__(self, app: QApplication, chosen: str | None = None) -> None:
        super().__init__(app)
        self._app = app
        self._unframed: list[str] = []
        # Every widget hears of each of these: all of them in one turn would hold the window up.
        self._framing = QTimer(self, interval=0, timeout=self._frame_next)
        self.chosen = chosen or kept()
        hints = app.styleHints()
        hints.colorSchemeChanged.connect(self._system_changed)
        # Older releases of Qt do not tell what contrast a person wants.
        if told := getattr(hints, "accessibility", lambda: None)():
            told.contrastPreferenceChanged.connect(self._system_changed)
        self._apply()

    def choose(self, name: str) -> None:
        """Take one of THEMES now, and at the next start."""
        settings.keep(SETTING, name)
        self.show(name)

    def show(self, name: str) -> None:
        """Take one of THEMES now, for this session."""
        self.chosen = name
        self._apply()

    def _system_changed(self, _now: object) -> None:
        self._apply()

    def _apply(self) -> None:
        scheme = self._scheme()
        if scheme == style.in_force():
            return
        style.put_in_force(scheme)
        # An empty palette means the system's own, which a contrast theme fills with what the person chose.
        own = scheme in style.SCHEMES
        self._app.setPalette(palette(scheme) if own else QPalette())
        self._unframed = list(_FRAMED)
        if self._few_widgets():
            while self._unframed:
                self._frame_next()
        else:
            self._framing.start()
        self._app.setWindowIcon(style.icon("app", "accent"))
        for window in self._app.topLevelWidgets():
            restyle(window)
        self.changed.emit()

    def _frame_next(self) -> None:
        """The palette of the next class of _FRAMED; of the scheme in force, whatever was chosen meanwhile."""
        if not self._unframed:
            self._framing.stop()
            return
        scheme = style.in_force()
        self._app.setPalette(framed(scheme) if scheme in style.SCHEMES else QPalette(), self._unframed.pop(0))

    def _few_widgets(self) -> bool:
        """Whether there is no window yet, or only the first page."""
        return len(self._app.allWidgets()) < _FEW

    def _scheme(self) -> str:
        # Its enumerations take as long to make as the first page takes to paint.
        from PySide6.QtCore import Qt

        hints = self._app.styleHints()
        told = getattr(hints, "accessibility", lambda: None)()
        if told is not None and told.contrastPreference() == Qt.ContrastPreference.HighContrast:
            return style.CONTRAST
        if self.chosen != "system":
            return self.chosen
        return "dark" if hints.colorScheme() == Qt.ColorScheme.Dark else "light"


def theme() -> Theme:
    """The theme of the application; made when it is first asked for."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)  # noqa: S101 - there is no window without it
    found = app.findChild(Theme)
    return found if found is not None else Theme(app)


def restyle(root: QWidget) -> None:
    """Draw icons anew and give texts their tones, wherever they are below `root`."""
    for widget in (root, *root.findChildren(QWidget)):
        if isinstance(widget, QLabel):
            if tone := widget.property("tone"):
                style.colour_text(widget, tone)
            if state := widget.property("state"):
                style.set_icon(widget, state)
        elif isinstance(widget, QAbstractButton):
            _redraw(widget.icon, widget.setIcon)
        elif isinstance(widget, QComboBox):
            for row in range(widget.count()):
                _redraw(partial(widget.itemIcon, row), partial(widget.setItemIcon, row))
        elif isinstance(widget, QListWidget):
            for row in range(widget.count()):
                _redraw(widget.item(row).icon, widget.item(row).setIcon)
        elif isinstance(widget, QTableWidget):
            for row, column in product(range(widget.rowCount()), range(widget.columnCount())):
                if item := widget.item(row, column):
                    _redraw(item.icon, item.setIcon)


def _redraw(get: Callable[[], QIcon], put: Callable[[QIcon], None]) -> None:
    old = get()
    if not old.isNull() and (new := style.redrawn(old)) is not None:
        put(new)
