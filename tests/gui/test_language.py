"""The language is changed while the program runs: same page, same profile, nothing typed or found is lost."""

from __future__ import annotations

import time
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale, QTimer
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from tests import i18n as catalogues
from tests.patience import PATIENCE_MS
from wizard import i18n, settings
from wizard.flow import state as flow
from wizard.flow.steps import IDS
from wizard.gui import language
from wizard.gui.grade_types import SIZE
from wizard.gui.mnemonics import bare
from wizard.gui.window import Window


@pytest.fixture(autouse=True)
def _english_again(qapp: QApplication):
    yield
    language.speak("en")


def choose(window: Window, qtbot: QtBot, wanted: str) -> None:
    window.language.choices[wanted].trigger()
    qtbot.waitUntil(
        lambda: i18n.in_force() == wanted and not window.changing_language and not window.background.busy,
        timeout=2 * PATIENCE_MS,
    )


def texts(window: Window) -> set[str]:
    """All that is shown, as a person reads it."""
    found = {window.windowTitle(), *(window.steps.item(row).text() for row in range(window.steps.count()))}
    for widget in (window.steps, window.back_button, window.next_button, *window.page.findChildren(QWidget)):
        found.add(widget.accessibleName())
        if isinstance(widget, QLabel | QAbstractButton):
            found.add(bare(widget.text()))
        if isinstance(widget, QLineEdit):
            found.add(widget.placeholderText())
    return found - {""}


def test_every_page_is_said_in_the_chosen_language(profile: Path, make_window, qtbot: QtBot) -> None:
    window = make_window(profile.parent)
    window.begin(flow.open_profile(profile))
    english = {str(message.id) for message in catalogues.read("es") if message.id}
    spanish = {message.string for message in catalogues.read("es") if message.id}
    for step in IDS:
        window.begin(flow.go(window.state, step))
        qtbot.waitUntil(lambda: window.page.isVisible() and not window.background.busy)
        before = texts(window) & english
        choose(window, qtbot, "es")
        assert window.state.step == step
        left = texts(window) & english - spanish
        assert not left, step
        assert before, step
        choose(window, qtbot, "en")
        assert before - texts(window) == set(), step


def test_nothing_typed_is_lost(profile: Path, make_window, qtbot: QtBot) -> None:
    window = make_window(profile.parent)
    window.begin(flow.open_profile(profile))
    window.change(lambda state: flow.edit(state, "name", "Filial Sul"))
    window.begin(flow.go(window.state, "webservice"))
    window.change(lambda state: flow.edit(state, "webservice.url", "no address"))
    window.change(lambda state: flow.type_secret(state, "webservice.password", "Geheim7"))
    before = window.state
    choose(window, qtbot, "pt_BR")
    assert (window.state.data, window.state.typed, window.state.step) == (before.data, before.typed, before.step)
    assert window.page.form.editor("webservice.url").focus.text() == "no address"
    assert not [line for line in window.findChildren(QLineEdit) if "Geheim7" in line.text()]
    assert "Filial Sul" in window.windowTitle()
    assert window.dirty


def test_what_checks_found_is_said_again(profile: Path, make_window, qtbot: QtBot) -> None:
    window = make_window(profile.parent)
    window.begin(flow.open_profile(profile, "review"))
    window.page.checks.test.click()
    qtbot.waitUntil(lambda: bool(window.state.results) and not window.background.busy, timeout=2 * PATIENCE_MS)
    before = window.state.results
    choose(window, qtbot, "es")
    assert window.page.checks.states() == {id_: one.outcome.status for id_, one in before.items()}
    now = window.state.results
    assert {id_: one.elapsed_ms for id_, one in now.items()} == {id_: one.elapsed_ms for id_, one in before.items()}
    same = [id_ for id_ in before if now[id_].outcome.message == before[id_].outcome.message]
    assert not same, "every one is another sentence in Spanish"
    shown = {label.text() for label in window.page.checks.findChildren(QLabel)}
    assert {one.outcome.message for one in now.values()} <= shown
    choose(window, qtbot, "en")
    assert {id_: one.outcome for id_, one in window.state.results.items()} == {
        id_: one.outcome for id_, one in before.items()
    }


def test_the_difference_stays_with_its_filters(profile: Path, make_window, qtbot: QtBot) -> None:
    window = make_window(profile.parent)
    window.begin(flow.open_profile(profile, "grades"))
    box = window.page.table.cellWidget(0, SIZE)
    box.setCurrentIndex(box.findData(5))
    window.page.difference.compare.click()
    qtbot.waitUntil(lambda: window.page.difference.shown > 0 and not window.background.busy, timeout=2 * PATIENCE_MS)
    panel = window.page.difference
    panel.kind.setCurrentIndex(1)
    panel.order.setCurrentIndex(4)
    panel.text.setText("a")
    panel._choose()
    qtbot.waitUntil(lambda: not window.background.busy)
    before = panel.shown, panel.kind.currentData(), panel.order.currentData(), panel.text.text()
    choose(window, qtbot, "es")
    panel = window.page.difference
    qtbot.waitUntil(lambda: not window.background.busy)
    assert (panel.shown, panel.kind.currentData(), panel.order.currentData(), panel.text.text()) == before
    assert panel.kind.itemText(0).startswith("todos los cambios")


def test_the_change_waits_for_work_under_way(profile: Path, make_window, qtbot: QtBot) -> None:
    window = make_window(profile.parent)
    window.begin(flow.open_profile(profile, "database"))
    qtbot.waitUntil(lambda: not window.background.busy)
    window.page.checks.test.click()
    window.language.choices["es"].trigger()
    assert i18n.in_force() == "en"
    assert window.banner.text.text() == "The language changes as soon as what is running has ended."
    qtbot.waitUntil(lambda: i18n.in_force() == "es", timeout=2 * PATIENCE_MS)
    qtbot.waitUntil(lambda: not window.background.busy, timeout=2 * PATIENCE_MS)
    assert set(window.page.checks.states().values()) <= {"ok", "warn", "fail", "skipped"}


def test_the_choice_is_kept_for_the_next_start(profile: Path, make_window, qtbot: QtBot) -> None:
    window = make_window(profile.parent)
    choose(window, qtbot, "es")
    assert settings.read() == {"language": "es"}
    choose(window, qtbot, "pt_BR")
    assert settings.read() == {"language": "pt_BR"}
    assert window.language.text() == "Português (Brasil)"
    assert window.language.choices["pt_BR"].isChecked()
    assert window.language.accessibleName() == "Idioma: Português (Brasil)"


def test_qts_own_texts_follow(qapp: QApplication, qtbot: QtBot) -> None:
    words = {}
    for wanted in i18n.LANGUAGES:
        language.speak(wanted)
        box = QMessageBox(QMessageBox.Icon.Question, "", "", QMessageBox.StandardButton.Cancel)
        line = QLineEdit()
        qtbot.addWidget(box)
        qtbot.addWidget(line)
        menu = line.createStandardContextMenu()
        paste = next(action for action in menu.actions() if action.objectName() == "edit-paste")
        words[wanted] = bare(box.buttons()[0].text()), bare(paste.text()).split("\t")[0]
        menu.deleteLater()
        assert QLocale().name() in (wanted, "en_US", "es_ES")
    assert words == {"pt_BR": ("Cancelar", "Colar"), "en": ("Cancel", "Paste"), "es": ("Cancelar", "Pegar")}


def test_the_keyboard_stays_where_it_was_with_what_is_selected(profile: Path, make_window, qtbot: QtBot) -> None:
    window = make_window(profile.parent)
    window.begin(flow.open_profile(profile, "webservice"))
    qtbot.waitUntil(lambda: not window.background.busy)
    line = window.page.form.editor("webservice.url").focus
    line.setFocus()
    line.setSelection(2, 5)
    selected = line.selectedText()
    window.speak("es")
    qtbot.waitUntil(lambda: not window.changing_language)
    now = window.page.form.editor("webservice.url").focus
    assert now is not line
    assert window.focusWidget() is now
    assert now.selectedText() == selected != ""


@pytest.mark.usefixtures("own_garbage")
@pytest.mark.parametrize("step", ["options", "review", "checklist"])
def test_no_part_of_the_change_takes_most_of_its_time(step: str, profile: Path, make_window, qtbot: QtBot) -> None:
    window = make_window(profile.parent)
    for visited in ("database", "webservice", step):
        window.begin(flow.open_profile(profile, visited))
        qtbot.waitUntil(lambda: not window.background.busy)
    moments = []
    beat = QTimer(interval=0)
    beat.timeout.connect(lambda: moments.append(time.thread_time()))
    beat.start()
    qtbot.waitUntil(lambda: len(moments) > 10)
    moments.clear()
    window.speak("es")
    qtbot.waitUntil(lambda: not window.changing_language and not window.background.busy)
    beat.stop()
    turns = [after - before for before, after in pairwise(moments)]
    assert max(turns) < sum(turns) / 2


def test_a_hundred_changes_leave_nothing(profile: Path, make_window, qtbot: QtBot) -> None:
    window = make_window(profile.parent)
    window.begin(flow.open_profile(profile, "company"))
    choose(window, qtbot, "es")
    QApplication.processEvents()
    QApplication.sendPostedEvents(None, 52)
    before = len(QApplication.allWidgets())
    for _turn in range(50):
        choose(window, qtbot, "pt_BR")
        choose(window, qtbot, "es")
    QApplication.processEvents()
    QApplication.sendPostedEvents(None, 52)
    assert len(QApplication.allWidgets()) <= before + 5
