"""What stands where on every page, in every language and at two sizes; `test_walker` looks at each widget."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QWidget,
)
from pytestqt.qtbot import QtBot

from wizard import i18n
from wizard.flow import state as flow
from wizard.flow.steps import IDS
from wizard.gui.grade_types import SIZE, TypesTable
from wizard.gui.reading_order import widgets
from wizard.gui.renumbering_dialog import RenumberingDialog
from wizard.gui.style import SPACE
from wizard.gui.window import Window

SIZES = ((1024, 768), (683, 512))


@pytest.fixture(params=i18n.LANGUAGES)
def window(request: pytest.FixtureRequest, profile: Path, make_window, qtbot: QtBot) -> Window:
    i18n.use(request.param)
    made: Window = make_window(profile.parent)
    made.begin(flow.open_profile(profile))
    return made


def pages(window: Window, qtbot: QtBot):
    for step in IDS:
        window.begin(flow.go(window.state, step))
        qtbot.waitUntil(lambda: window.page.isVisible() and not window.background.busy)
        yield step


def shown(window: Window) -> list[QWidget]:
    frame = [window.steps, window.back_button, window.next_button]
    return [widget for widget in (*frame, *widgets(window.page)) if widget.isVisible()]


def cut(window: Window, step: str) -> list[str]:
    found = []
    for widget in shown(window):
        one_line = isinstance(widget, QPushButton | QCheckBox) or (
            isinstance(widget, QLabel) and widget.text() and not widget.wordWrap()
        )
        if one_line and widget.width() < widget.sizeHint().width():
            found.append(f"{step}: {widget.text()!r} has {widget.width()} of {widget.sizeHint().width()}")
        if isinstance(widget, QLineEdit | QComboBox | QSpinBox):
            needed = widget.fontMetrics().height() + 6
            if widget.height() < needed:
                found.append(f"{step}: {widget.accessibleName()!r} has {widget.height()} of {needed} in height")
        if isinstance(widget, QLabel) and widget.wordWrap() and widget.text():
            needed = widget.heightForWidth(widget.width())
            if widget.height() < needed:
                found.append(f"{step}: {widget.text()[:40]!r} has {widget.height()} of {needed} in height")
    return found


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_the_grade_page_with_all_it_can_show(window: Window, qtbot: QtBot, size: tuple[int, int]) -> None:
    window.resize(*size)
    window.begin(flow.go(window.state, "grades"))
    page = window.page
    box = page.table.cellWidget(0, SIZE)
    box.setCurrentIndex(box.findData(5))
    page.difference.compare.click()
    qtbot.waitUntil(lambda: not window.background.busy)
    page.findings_switch.click()
    qtbot.waitUntil(lambda: cut(window, "grades") == [])
    for widget in shown(window):
        assert widget.mapTo(window, widget.rect().topRight()).x() <= window.width(), widget
    page.difference.apply.click()
    dialog = window.findChild(RenumberingDialog)
    dialog.go.click()
    for label in dialog.findChildren(QLabel):
        if label.isVisible() and label.wordWrap():
            assert label.height() >= label.heightForWidth(label.width()), label.text()
    assert dialog.width() <= size[0]
    dialog.reject()


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_nothing_stands_outside_the_page(window: Window, qtbot: QtBot, size: tuple[int, int]) -> None:
    window.resize(*size)
    assert (window.width(), window.height()) == size, "the window itself fits"
    for step in pages(window, qtbot):
        for widget in shown(window):
            right = widget.mapTo(window, widget.rect().topRight()).x()
            assert right <= window.width(), f"{step}: {widget} ends at {right}"


def test_a_complaint_under_a_field_cuts_nothing(window: Window, qtbot: QtBot) -> None:
    window.begin(flow.replace(flow.new_profile(window.state.folder), visited=frozenset(IDS), walking=False))
    for step in ("company", "database", "webservice"):
        window.begin(flow.go(window.state, step))
        qtbot.waitUntil(lambda step=step: window.page.isVisible() and cut(window, step) == [])


def test_the_editors_of_a_grade_type_have_room_in_their_columns(window: Window, qtbot: QtBot) -> None:
    window.resize(*SIZES[1])
    window.begin(flow.go(window.state, "grades"))
    qtbot.waitUntil(lambda: window.page.isVisible() and not window.background.busy)
    table = window.page.findChild(TypesTable)
    box = table.editor(0, "size")
    # A letter, and the arrow beside it.
    assert box.width() >= box.fontMetrics().horizontalAdvance("5") + SPACE * 4
