"""The rules of the walker see what they are for: each is broken once on the real window."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from tests.gui import widget_rules as rules
from wizard.flow import state as flow
from wizard.gui.window import Window


@pytest.fixture
def window(profile: Path, make_window: Callable[[Path], Window], qtbot: QtBot) -> Window:
    made = make_window(profile.parent)
    made.begin(flow.open_profile(profile, "company"))
    qtbot.waitUntil(lambda: made.page.isVisible() and not any(rules.whole(made)))
    return made


def field(window: Window, path: str) -> QWidget:
    return window.page.form.editor(path).focus


def label(window: Window, path: str) -> QLabel:
    return next(one for one in window.page.findChildren(QLabel) if one.buddy() is field(window, path))


def colour(widget: QWidget, role: QPalette.ColorRole) -> None:
    palette = widget.palette()
    palette.setColor(role, QColor("#909090"))
    widget.setPalette(palette)


def same_letter(window: Window) -> None:
    window.back_button.setText("&Next")
    window.next_button.setText("&Next")


def other_way_round(window: Window) -> None:
    QWidget.setTabOrder(field(window, "company.site"), field(window, "company.logix"))


def tip(window: Window) -> None:
    window.next_button.setToolTip("Go on")
    window.next_button.setAccessibleDescription("Leads on")


BREAKS = {
    "a button without a name": (rules.named, lambda window: window.next_button.setText("")),
    "a letter twice": (rules.lettered, same_letter),
    "a field that keeps Tab": (rules.reached, lambda window: field(window, "notes").setTabChangesFocus(False)),
    "a field for the mouse": (
        rules.reached,
        lambda window: field(window, "name").setFocusPolicy(rules.Qt.FocusPolicy.ClickFocus),
    ),
    "fields in another order": (rules.in_order, other_way_round),
    "a pale label": (
        rules.legible,
        lambda window: colour(label(window, "name"), QPalette.ColorRole.WindowText),
    ),
    "a pale field": (rules.legible, lambda window: colour(field(window, "name"), QPalette.ColorRole.Text)),
    "a pale hint": (rules.legible, lambda window: field(window, "name").setStyleSheet("color: #aaa")),
    "a label with little room": (rules.whole, lambda window: label(window, "company.logix").setFixedWidth(20)),
    "a button with little room": (rules.whole, lambda window: window.next_button.setFixedWidth(30)),
    "a choice with little room": (
        rules.whole,
        lambda window: field(window, "environment").setFixedWidth(40),
    ),
    "a label that leads nowhere": (rules.labelled, lambda window: label(window, "name").setBuddy(None)),
    "help for the eyes alone": (
        rules.described,
        lambda window: field(window, "company.site").setAccessibleDescription(""),
    ),
    "a tool tip for the mouse alone": (rules.described, tip),
}


@pytest.mark.parametrize("name", BREAKS)
def test_each_rule_sees_what_breaks_it(window: Window, qtbot: QtBot, name: str) -> None:
    rule, spoil = BREAKS[name]
    assert not list(rule(window))
    spoil(window)
    qtbot.waitUntil(lambda: bool(list(rule(window))))


@pytest.mark.parametrize(("ink", "expected"), [("#767676", 4.54), ("#949494", 3.03), ("#000000", 21.0)])
def test_contrast_is_measured_as_it_is_painted(qtbot: QtBot, ink: str, expected: float) -> None:
    text = QLabel("How far something is")
    qtbot.addWidget(text)
    text.setStyleSheet(f"background: white; color: {ink}")
    text.show()
    holder = QWidget()
    qtbot.addWidget(holder)
    text.setParent(holder)
    holder.show()
    text.show()
    ((_what, _text, place),) = rules._painted(holder)
    assert rules.contrast(rules._picture(holder), place) == pytest.approx(expected, abs=0.05)
