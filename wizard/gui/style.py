"""The look: one spacing scale, one type scale, icons that follow the palette, states as icon, word and colour."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication, QLabel

from wizard.resources import folder

SPACE = 8
"""Pixels at 100 %; everything is a multiple of it."""

SIDEBAR_WIDTH = 218
SIDEBAR_NARROW = 66
NARROW_FROM = 840
"""Below this width of the window the steps show number and state only, and what stands side by side stands in rows:
a screen of 1024 pixels at 150 % has 683."""

ICON_SIZE = 16

_TONES = {
    # light theme, dark theme: each with at least 4.5:1 against the window's background
    "ok": ("#1a6b32", "#7ed491"),
    "warn": ("#8a5300", "#f0b95a"),
    "fail": ("#b3261e", "#ff9c92"),
    "muted": ("#5a5f66", "#a9afb8"),
    "accent": ("#0b57a4", "#8ec5ff"),
}

TONE_OF = {
    "ok": "ok",
    "passed": "ok",
    "done": "accent",
    "warn": "warn",
    "problem": "warn",
    "fail": "fail",
    "failed": "fail",
    "crashed": "fail",
    "running": "accent",
    "info": "accent",
}
ICON_OF = {"passed": "ok", "problem": "warn", "failed": "fail", "crashed": "fail", "": "pending"}


def is_dark() -> bool:
    """Whether the palette in force is a dark one."""
    return QApplication.palette().color(QPalette.ColorRole.Window).lightness() < 128


def tone(name: str) -> QColor:
    """The colour of a state, for the palette in force."""
    return QColor(_TONES[name][1 if is_dark() else 0])


def state_tone(state: str) -> QColor:
    """The colour of a state of a check or a step."""
    return tone(TONE_OF.get(state, "muted"))


def state_icon(state: str) -> QIcon:
    """The icon of a state of a check or a step, in its colour."""
    return icon(ICON_OF.get(state, state), state_tone(state).name())


def text_icon(name: str) -> QIcon:
    """An icon in the colour of text."""
    return icon(name, QApplication.palette().color(QPalette.ColorRole.ButtonText).name())


def palette_of(app: QApplication) -> QPalette:
    """The palette: clean and light, unless the person's system asks for dark or for more contrast."""
    hints = app.styleHints()
    contrast = getattr(hints, "accessibility", lambda: None)()
    wants_contrast = contrast is not None and contrast.contrastPreference() != Qt.ContrastPreference.NoPreference
    palette = app.palette()
    if hints.colorScheme() == Qt.ColorScheme.Dark or wants_contrast:
        return palette
    role = QPalette.ColorRole
    for name, colour in (
        (role.Window, "#f4f6f8"),
        (role.Base, "#ffffff"),
        (role.AlternateBase, "#e9edf2"),
        (role.Button, "#ffffff"),
        (role.Highlight, "#0b57a4"),
        (role.HighlightedText, "#ffffff"),
        (role.WindowText, "#1b1f24"),
        (role.Text, "#1b1f24"),
        (role.ButtonText, "#1b1f24"),
        (role.PlaceholderText, "#6b727b"),
        (role.Mid, "#b6bdc7"),
        (role.Midlight, "#d4dae1"),
    ):
        palette.setColor(name, QColor(colour))
    disabled = QPalette.ColorGroup.Disabled
    for name in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(disabled, name, QColor("#868d96"))
    return palette


@cache
def icon(name: str, colour: str) -> QIcon:
    """An icon of resources/icons, drawn in a colour, sharp at every scale."""
    svg = (folder() / "icons" / f"{name}.svg").read_text("utf-8").replace("currentColor", colour)
    renderer = QSvgRenderer(QByteArray(svg.encode()))
    result = QIcon()
    for ratio in (1.0, 1.25, 1.5, 2.0, 3.0):
        side = round(ICON_SIZE * ratio)
        pixmap = QPixmap(QSize(side, side))
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        renderer.render(painter, QRectF(0, 0, side, side))
        painter.end()
        pixmap.setDevicePixelRatio(ratio)
        result.addPixmap(pixmap)
    return result


def set_icon(label: QLabel, state: str) -> None:
    """Show a state's icon in a label of its own."""
    label.setPixmap(state_icon(state).pixmap(QSize(ICON_SIZE, ICON_SIZE), label.devicePixelRatioF()))
    label.setFixedSize(ICON_SIZE + 2, ICON_SIZE + 2)


def scaled_font(factor: float, bold: bool = False) -> QFont:
    """The application's font, larger or smaller."""
    font = QFont(QApplication.font())
    font.setPointSizeF(font.pointSizeF() * factor)
    font.setBold(bold)
    return font


def colour_text(label: QLabel, tone_name: str) -> None:
    """Give a label a tone, through its palette so that the style stays in charge."""
    palette = label.palette()
    palette.setColor(QPalette.ColorRole.WindowText, tone(tone_name))
    label.setPalette(palette)


SHEET = """
QListWidget#steps { border: none; background: palette(alternate-base); outline: 0; }
QListWidget#steps::item { padding: 7px 6px; border-left: 3px solid transparent; }
QListWidget#steps::item:selected { background: palette(window); color: palette(window-text);
    border-left: 3px solid palette(highlight); }
QFrame#banner { border: 1px solid palette(mid); border-radius: 4px; background: palette(base); }
QFrame#card { border: 1px solid palette(midlight); border-radius: 4px; background: palette(base); }
QFrame#line { background: palette(mid); max-height: 1px; border: none; }
QScrollArea { border: none; }
QTableWidget { selection-background-color: palette(midlight); selection-color: palette(window-text); }
QLabel#chip { border: 1px solid palette(mid); border-radius: 4px; padding: 2px 8px; }
QPushButton#action { text-align: left; padding: 9px 12px; }
QPushButton { padding: 5px 14px; }
QPushButton#forward { background: palette(highlight); color: palette(highlighted-text);
    border: 1px solid palette(highlight); border-radius: 3px; padding: 6px 18px; }
QPushButton#forward:focus { border: 2px solid palette(window-text); padding: 5px 17px; }
QPushButton#forward:disabled { background: palette(mid); border-color: palette(mid); }
QLineEdit, QComboBox, QSpinBox { min-height: 24px; }
"""
