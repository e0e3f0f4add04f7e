"""The look: one spacing scale, one type scale, icons that follow the palette, states as icon, word and colour."""

from __future__ import annotations

from functools import cache
from gettext import gettext as _

from PySide6.QtCore import QByteArray, QRectF, QSize
from PySide6.QtGui import QColor, QFont, QFontDatabase, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel

from wizard.resources import folder

SPACE = 8
"""Pixels at 100 %; everything is a multiple of it."""

SIDEBAR_WIDTH = 218
SIDEBAR_NARROW = 66
NARROW_FROM = 840
"""Below this width of the window the steps show number and state only, and what stands side by side stands in rows:
a screen of 1024 pixels at 150 % has 683."""

ICON_SIZE = 16
ICON_GAP = 6
"""Between the icon of a button and its text."""

OWN_FONT = "Wizard Sans"
OWN_FONT_POINTS = 9.0
"""The size of Windows' own font for dialogs."""

SCHEMES: dict[str, dict[str, str]] = {
    # Every colour of the program. A tone has at least 4.5:1 against window, base and alternate of its scheme.
    "light": {
        "window": "#f4f6f8",
        "base": "#ffffff",
        "alternate": "#e9edf2",
        "button": "#ffffff",
        "text": "#1b1f24",
        "placeholder": "#5f666f",
        "disabled": "#868d96",
        "mid": "#b6bdc7",
        "midlight": "#d4dae1",
        "light": "#ffffff",
        "dark": "#8d959f",
        "shadow": "#6d747d",
        "highlight": "#0b57a4",
        "highlighted": "#ffffff",
        "ok": "#1a6b32",
        "warn": "#8a5300",
        "fail": "#b3261e",
        "muted": "#5a5f66",
        "accent": "#0b57a4",
    },
    "dark": {
        "window": "#1f2226",
        "base": "#17191c",
        "alternate": "#292d33",
        "button": "#30353c",
        "text": "#e7eaee",
        "placeholder": "#bfc5cd",
        "disabled": "#757c86",
        "mid": "#59616c",
        "midlight": "#3d444d",
        "light": "#4b525c",
        "dark": "#121417",
        "shadow": "#0b0c0e",
        "highlight": "#8ec5ff",
        "highlighted": "#0b1d30",
        "ok": "#7ed491",
        "warn": "#f0b95a",
        "fail": "#ff9c92",
        "muted": "#a9afb8",
        "accent": "#8ec5ff",
    },
}
CONTRAST = "contrast"
"""The scheme of a person who set the contrast in the system: every colour is the system's."""

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


_scheme = [""]


def in_force() -> str:
    """The scheme in force: one of SCHEMES, or CONTRAST; "" before there is one."""
    return _scheme[0]


def put_in_force(scheme: str) -> None:
    """Draw in another scheme from now on. What was drawn before is `theme.restyle`'s."""
    _scheme[0] = scheme


def tone(name: str) -> QColor:
    """A colour by its name in SCHEMES, for the scheme in force; of a contrast theme the colour of its text."""
    scheme = SCHEMES.get(in_force())
    if scheme is None:
        return QApplication.palette().color(QPalette.ColorRole.WindowText)
    return QColor(scheme[name])


def on_tone() -> QColor:
    """The colour of a text whose ground is a tone."""
    scheme = SCHEMES.get(in_force())
    return QColor(scheme["base"]) if scheme else QApplication.palette().color(QPalette.ColorRole.Window)


def state_tone(state: str) -> QColor:
    """The colour of a state of a check or a step."""
    return tone(TONE_OF.get(state, "muted"))


def state_icon(state: str) -> QIcon:
    """The icon of a state of a check or a step, in its colour."""
    return icon(ICON_OF.get(state, state), TONE_OF.get(state, "muted"))


def text_icon(name: str) -> QIcon:
    """An icon in the colour of text."""
    return icon(name, "text")


def button_icon(button: QAbstractButton, name: str) -> None:
    """Put an icon before the text of a button, at a distance from it."""
    button.setIconSize(QSize(ICON_SIZE + ICON_GAP, ICON_SIZE))
    button.setIcon(_drawn_icon(name, "text", tone("text").name(), ICON_GAP))


def icon(name: str, tone_name: str) -> QIcon:
    """An icon of resources/icons in a tone, sharp at every scale."""
    return _drawn_icon(name, tone_name, tone(tone_name).name(), 0)


@cache
def _drawn_icon(name: str, tone_name: str, colour: str, gap: int) -> QIcon:
    svg = (folder() / "icons" / f"{name}.svg").read_text("utf-8").replace("currentColor", colour)
    renderer = QSvgRenderer(QByteArray(svg.encode()))
    result = QIcon()
    for ratio in sorted({1.0, 2.0, *(screen.devicePixelRatio() for screen in QApplication.screens())}):
        side = round(ICON_SIZE * ratio)
        pixmap = QPixmap(QSize(side + round(gap * ratio), side))
        pixmap.fill(QColor(0, 0, 0, 0))
        painter = QPainter(pixmap)
        renderer.render(painter, QRectF(0, 0, side, side))
        painter.end()
        pixmap.setDevicePixelRatio(ratio)
        result.addPixmap(pixmap)
        # Else a selected row would tint it, and a red would be no red any more.
        result.addPixmap(pixmap, QIcon.Mode.Selected)
    _DRAWN[result.cacheKey()] = (name, tone_name, gap)
    return result


_DRAWN: dict[int, tuple[str, str, int]] = {}
"""Name, tone and gap of the icons that are about, by the key that their copies share."""


def redrawn(old: QIcon) -> QIcon | None:
    """The same icon for the scheme in force; None for one that is not ours."""
    known = _DRAWN.get(old.cacheKey())
    if known is None:
        return None
    name, tone_name, gap = known
    return _drawn_icon(name, tone_name, tone(tone_name).name(), gap)


STATE_WORDS = {
    "ok": lambda: _("OK"),
    "passed": lambda: _("OK"),
    "done": lambda: _("filled in"),
    "info": lambda: _("Note"),
    "warn": lambda: _("Warning"),
    "problem": lambda: _("incomplete"),
    "fail": lambda: _("Error"),
    "failed": lambda: _("Error"),
    "crashed": lambda: _("Error"),
    "running": lambda: _("running"),
    "skipped": lambda: _("not run"),
    "ask": lambda: _("please confirm"),
}
"""What a screen reader says in place of a state's icon; of any other it says that nothing is known yet."""


def set_icon(label: QLabel, state: str) -> None:
    """Show a state's icon in a label of its own."""
    label.setProperty("state", state)
    label.setAccessibleName(STATE_WORDS.get(state, lambda: _("open"))())
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
    label.setProperty("tone", tone_name)
    palette = label.palette()
    palette.setColor(QPalette.ColorRole.WindowText, tone(tone_name))
    label.setPalette(palette)


def own_font() -> QFont:
    """The font that comes with the program: for systems that have none, and for pictures."""
    for file in sorted((folder() / "fonts").glob("*.ttf")):
        QFontDatabase.addApplicationFont(str(file))
    font = QFont(OWN_FONT)
    font.setPointSizeF(OWN_FONT_POINTS)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return font


SHEET = """
QListWidget { selection-background-color: palette(midlight); selection-color: palette(window-text);
    border: 1px solid palette(midlight); border-radius: 4px; background: palette(base); outline: 0; }
QListWidget:focus { border: 1px solid palette(highlight); }
QListWidget::item { padding: 3px 6px; }
QListWidget#steps { border: none; background: palette(alternate-base); outline: 0; padding-top: 8px; }
QListWidget#steps::item { padding: 7px 6px; border-left: 3px solid transparent; }
QListWidget#steps::item:selected { background: palette(window); color: palette(window-text);
    border-left: 3px solid palette(highlight); }
QListWidget#steps::item:focus { border: 1px solid palette(highlight); border-left: 3px solid palette(highlight); }
QFrame#banner { border: 1px solid palette(mid); border-radius: 4px; background: palette(base); }
QFrame#card { border: 1px solid palette(midlight); border-radius: 4px; background: palette(base); }
QFrame#line { background: palette(midlight); max-height: 1px; border: none; }
QScrollArea { border: none; }
QAbstractScrollArea::corner { background: transparent; border: none; }
QScrollBar { background: transparent; border: none; }
QScrollBar:vertical { width: 12px; }
QScrollBar:horizontal { height: 12px; }
QScrollBar::handle { background: palette(mid); border-radius: 4px; margin: 2px; }
QScrollBar::handle:hover { background: palette(placeholder-text); }
QScrollBar::handle:vertical { min-height: 32px; }
QScrollBar::handle:horizontal { min-width: 32px; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QTableView { selection-background-color: palette(midlight); selection-color: palette(window-text);
    border: 1px solid palette(midlight); border-radius: 4px; background: palette(base); outline: 0; }
QTableView:focus { border: 1px solid palette(highlight); }
QTableView::item { padding: 3px 6px; }
QHeaderView { background: palette(base); border: none; }
QHeaderView::section { background: palette(base); color: palette(window-text); padding: 5px 6px 5px 9px; border: none;
    border-bottom: 1px solid palette(mid); }
QLabel#chip { border: 1px solid palette(mid); border-radius: 4px; padding: 2px 8px; }
QPushButton { background: palette(button); color: palette(button-text); border: 1px solid palette(mid);
    border-radius: 4px; padding: 5px 14px; }
QPushButton, QToolButton { outline: 0; }
QPushButton:hover { border-color: palette(highlight); }
QPushButton:pressed, QPushButton:checked { background: palette(midlight); }
QPushButton:focus { border: 2px solid palette(highlight); padding: 4px 13px; }
QPushButton:disabled { color: palette(placeholder-text); border-color: palette(midlight);
    background: palette(window); }
QPushButton#action { text-align: left; padding: 9px 12px; }
QPushButton#action:focus { padding: 8px 11px; }
QPushButton#quiet { border-color: transparent; background: transparent; padding: 5px 8px; }
QPushButton#quiet:hover { border-color: palette(mid); }
QPushButton#quiet:focus { border: 2px solid palette(highlight); padding: 4px 7px; }
QPushButton#quiet::menu-indicator { width: 0; }
QPushButton#forward { background: palette(highlight); color: palette(highlighted-text);
    border: 1px solid palette(highlight); padding: 6px 18px; }
QPushButton#forward:focus { border: 2px solid palette(window-text); padding: 5px 17px; }
QPushButton#forward:disabled { background: palette(mid); border-color: palette(mid); }
QLineEdit, QPlainTextEdit { border: 1px solid palette(mid); border-radius: 4px; padding: 1px 5px;
    background: palette(base); }
QLineEdit:focus, QPlainTextEdit:focus { border: 2px solid palette(highlight); padding: 0 4px; }
QLineEdit:read-only, QPlainTextEdit:read-only { background: palette(window); }
QLineEdit:disabled { color: palette(placeholder-text); background: palette(window); border-color: palette(midlight); }
QAbstractSpinBox QLineEdit, QComboBox QLineEdit { border: none; padding: 0; background: transparent; }
QAbstractSpinBox QLineEdit:focus, QComboBox QLineEdit:focus { border: none; padding: 0; }
QLineEdit, QComboBox, QSpinBox { min-height: 24px; }
QCheckBox::indicator:unchecked { border: 1px solid palette(placeholder-text); border-radius: 3px;
    background: palette(base); }
QToolButton { border: 1px solid palette(mid); border-radius: 4px; padding: 3px 10px;
    background: palette(button); }
QToolButton[autoRaise="true"] { border-color: transparent; background: transparent; color: palette(link); }
QToolButton:hover { border-color: palette(highlight); }
QToolButton:pressed, QToolButton:checked { background: palette(midlight); }
QToolButton:focus { border: 2px solid palette(highlight); padding: 2px 9px; }
QTabWidget::pane { border: 1px solid palette(midlight); border-radius: 4px; }
QTextBrowser { border: none; background: palette(base); }
"""
