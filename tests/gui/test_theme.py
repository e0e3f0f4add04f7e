"""Light, dark and contrast: every colour from one table, enough contrast, changed while the window is open."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from time import thread_time

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFontDatabase, QFontMetrics, QPalette
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QLabel, QPushButton, QSpinBox, QWidget
from pytestqt.qtbot import QtBot

from wizard.flow import state as flow
from wizard.flow.steps import IDS
from wizard.gui import style
from wizard.gui.theme import Theme, kept, palette, restyle, theme
from wizard.resources import folder

GUI = Path(style.__file__).parent
GROUNDS = ("window", "base", "alternate")
TONES = ("ok", "warn", "fail", "muted", "accent")
ON = {
    "text": (*GROUNDS, "button", "midlight"),
    "placeholder": GROUNDS,
    "highlighted": ("highlight",),
    **dict.fromkeys(TONES, GROUNDS),
}
"""What is written on what."""


@pytest.fixture
def look(qapp: QApplication) -> Iterator[Theme]:
    there = theme()
    there.show("light")
    yield there
    there.show("light")


def luminance(colour: QColor) -> float:
    parts = [value / 12.92 if value <= 0.03928 else ((value + 0.055) / 1.055) ** 2.4 for value in colour.getRgbF()[:3]]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(QColor(one)), luminance(QColor(other))), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", style.SCHEMES)
def test_whatever_is_written_has_enough_contrast(scheme: str) -> None:
    colours = style.SCHEMES[scheme]
    for written, grounds in ON.items():
        for ground in grounds:
            assert contrast(colours[written], colours[ground]) >= 4.5, f"{written} on {ground}"


def test_the_contrast_is_measured_as_people_measure_it() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_no_colour_stands_outside_the_table() -> None:
    for file in GUI.rglob("*.py"):
        source = file.read_text("utf-8")
        if file.name == "style.py":
            source = re.sub(r"SCHEMES: .*?\n}\n", "", source, count=1, flags=re.DOTALL)
        assert not re.findall(r"#[0-9a-fA-F]{6}\b|(?<!\.)\brgba?\(|GlobalColor\.(?!transparent)", source), file.name


def test_icons_have_no_colour_of_their_own() -> None:
    for file in (folder() / "icons").glob("*.svg"):
        assert set(re.findall(r'(?:stroke|fill)="([^"]+)"', file.read_text("utf-8"))) <= {"none", "currentColor"}


@pytest.mark.parametrize("kind", [QCheckBox, QComboBox, QSpinBox])
def test_what_the_style_frames_has_a_frame_that_is_seen_in_the_dark(
    look: Theme, qtbot: QtBot, kind: type[QWidget]
) -> None:
    look.show("dark")
    widget = kind()
    qtbot.addWidget(widget)
    widget.show()

    def seen() -> None:
        image = widget.grab().toImage()
        middle = [image.pixelColor(x, image.height() // 2) for x in range(image.width())]
        frame = [contrast(colour.name(), style.SCHEMES["dark"]["window"]) for colour in middle]
        assert max(frame[:4]) >= contrast(style.SCHEMES["dark"]["mid"], style.SCHEMES["dark"]["window"]) - 0.2

    qtbot.waitUntil(seen)


def test_a_palette_names_every_colour_that_the_sheet_uses() -> None:
    used = set(re.findall(r"palette\(([a-z-]+)\)", style.SHEET))
    names = {role.name.lower() for role in QPalette.ColorRole}
    assert {name.replace("-", "") for name in used} <= names
    assert palette("dark").color(QPalette.ColorRole.Window) == QColor(style.SCHEMES["dark"]["window"])


def test_the_theme_changes_under_an_open_window(look: Theme, make_window, profile: Path, qtbot: QtBot) -> None:
    window = make_window(profile.parent)
    window.begin(flow.open_profile(profile))
    for step in IDS:
        window.begin(flow.go(window.state, step))
        qtbot.waitUntil(lambda: not window.background.busy)
    ground = window.grab().toImage().pixelColor(window.width() - 4, 4)
    assert ground == QColor(style.SCHEMES["light"]["window"])

    look.show("dark")
    QApplication.processEvents()

    assert window.grab().toImage().pixelColor(window.width() - 4, 4) == QColor(style.SCHEMES["dark"]["window"])
    light = set(style.SCHEMES["light"].values()) - set(style.SCHEMES["dark"].values())
    for button in window.findChildren(QPushButton):
        assert _colours(button.icon()).isdisjoint(light), button.text()
    for row in range(window.steps.count()):
        assert _colours(window.steps.item(row).icon()).isdisjoint(light)
    for label in window.findChildren(QLabel):
        if label.property("tone"):
            told = label.palette().color(QPalette.ColorRole.WindowText).name()
            assert told == style.SCHEMES["dark"][label.property("tone")], label.text()


def _colours(icon) -> set[str]:
    """The opaque colours of an icon."""
    image = icon.pixmap(style.ICON_SIZE, style.ICON_SIZE).toImage()
    points = ((x, y) for x in range(image.width()) for y in range(image.height()))
    return {image.pixelColor(*point).name() for point in points if image.pixelColor(*point).alpha() == 255}


def test_a_change_costs_less_than_showing_the_pages_did(look: Theme, make_window, profile: Path, qtbot: QtBot) -> None:
    began = thread_time()
    window = make_window(profile.parent)
    window.begin(flow.open_profile(profile))
    for step in IDS:
        window.begin(flow.go(window.state, step))
        QApplication.processEvents()
    shown = thread_time() - began
    qtbot.waitUntil(lambda: not window.background.busy)
    look.show("dark")
    began = thread_time()
    look.show("light")
    QApplication.processEvents()
    assert thread_time() - began < shown / 4


def test_a_choice_is_kept_and_a_damaged_one_is_not_worth_an_error(
    look: Theme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert kept() == "system"
    look.choose("dark")
    assert kept() == "dark"
    for file in tmp_path.rglob("settings.json"):
        file.write_text('{"theme": 5', "utf-8")
    assert kept() == "system"


def test_the_system_decides_until_a_person_chooses(look: Theme) -> None:
    look.show("system")
    asked = QApplication.styleHints().colorScheme()
    assert style.in_force() == ("dark" if asked == Qt.ColorScheme.Dark else "light")


def test_under_a_contrast_theme_every_tone_is_the_text_of_the_system(look: Theme, monkeypatch) -> None:
    monkeypatch.setattr(look, "_scheme", lambda: style.CONTRAST)
    look.show("dark")
    assert style.in_force() == style.CONTRAST
    text = QApplication.palette().color(QPalette.ColorRole.WindowText)
    assert {style.tone(name).name() for name in TONES} == {text.name()}
    label = QLabel()
    style.set_icon(label, "ok")
    monkeypatch.undo()
    look.show("light")
    restyle(label)
    assert label.property("state") == "ok"
    assert style.tone("ok") == QColor(style.SCHEMES["light"]["ok"])


def test_the_own_font_has_every_letter_of_the_languages(qapp: QApplication) -> None:
    metrics = QFontMetrics(style.own_font())
    assert style.OWN_FONT in QFontDatabase.families()
    texts = "".join(file.read_text("utf-8") for file in folder().rglob("*.po"))
    texts += "".join(file.read_text("utf-8") for file in (folder() / "help").rglob("*.md"))
    assert {letter for letter in texts if letter.isprintable() and not metrics.inFontUcs4(ord(letter))} == set()
