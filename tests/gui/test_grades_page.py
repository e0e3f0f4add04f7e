"""The page Grade types on real databases: importing, sizes, the difference, applying, all with the keyboard too."""

from __future__ import annotations

import random
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pyarrow as pa
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from tests.bench_stalls import huge
from tests.grades import five_types
from tests.gui.hands import held, settled
from tests.gui.heart import Heart, stall_seconds
from wizard import i18n
from wizard.flow import grade_import, grade_table
from wizard.flow import state as flow
from wizard.flow.steps import IDS
from wizard.grades.capacity import CAPACITY
from wizard.grades.difference import ROWS
from wizard.grades.import_result import Changes, Import, TypeChange, Wish
from wizard.grades.reference_store import contents, stored
from wizard.gui.difference_panel import COPIED_ROWS
from wizard.gui.grade_types import HOLDS, INDICATOR, REFERENCES, REMARKS, SIZE, SLOTS, TYPE, USED
from wizard.gui.renumbering_dialog import RenumberingDialog
from wizard.gui.window import Window
from wizard.profile import store
from wizard.profile.models import Grades, GradeType

MakeWindow = Callable[[Path], Window]

IMPORT_MS = 60_000

LOGIX = """
CREATE TABLE ctr_grade (cod_empresa, cod_grade, descr_cabec_zoom, nom_tabela_zoom, descr_col_1_zoom, descr_col_2_zoom,
                        ies_ctr_empresa);
INSERT INTO ctr_grade VALUES ('01', 1, 'Cor', 'cor', 'cod_cor', 'den_cor', 'N'),
                             ('01', 2, 'Tamanho', 'tam', 'cod_tam', 'den_tam', 'N');
CREATE TABLE cor (cod_cor, den_cor);
INSERT INTO cor VALUES ('AZUL', 'Azul'), ('VERDE', 'Verde'), ('ROSA', 'Rosa');
CREATE TABLE tam (cod_tam, den_tam);
INSERT INTO tam VALUES ('P', 'Pequeno'), ('G', 'Grande');
CREATE TABLE item_ctr_grade (cod_empresa, cod_item, num_grade_1, num_grade_2, num_grade_3, num_grade_4, num_grade_5);
INSERT INTO item_ctr_grade VALUES ('01', 'CAMISA', 1, 2, 0, 0, 0);
"""


@pytest.fixture
def opened(profile: Path, make_window: MakeWindow, qtbot: QtBot) -> Window:
    """The page over the demo site, whose references were given already."""
    window = make_window(profile.parent)
    window.begin(flow.open_profile(profile, "grades"))
    qtbot.waitUntil(window.page.isVisible)
    return window


@pytest.fixture
def small(tmp_path: Path, make_window: MakeWindow, qtbot: QtBot) -> Window:
    """The page of a new profile over a small Logix; nothing was imported yet."""
    change(tmp_path / "logix.sqlite", LOGIX)
    return new_profile(tmp_path, make_window, qtbot)


@pytest.fixture
def five(tmp_path: Path, make_window: MakeWindow, qtbot: QtBot) -> Window:
    """The page of a new profile over the Logix of five types; one has its size in the profile already."""
    five_types.build(tmp_path / "logix.sqlite", five_types.MANY)
    window = new_profile(tmp_path, make_window, qtbot)
    window.change(lambda state: flow.edit(state, "grades.types", [five_types.outgrown()]))
    return window


def new_profile(tmp_path: Path, make_window: MakeWindow, qtbot: QtBot) -> Window:
    folder = tmp_path / "profiles"
    folder.mkdir()
    state = flow.new_profile(folder)
    answers = {
        "name": "Matriz",
        "environment": "test",
        "company.logix": "01",
        "company.site": "01",
        "database.kind": "sqlite",
        "database.file": str(tmp_path / "logix.sqlite"),
        "webservice.url": "http://localhost/ws",
        "grades.enabled": True,
    }
    for path, value in answers.items():
        state = flow.edit(state, path, value)
    window = make_window(folder)
    window.begin(flow.replace(state, step="grades", visited=frozenset(IDS)))
    qtbot.waitUntil(window.page.isVisible)
    return window


def change(file: Path, script: str) -> None:
    with closing(sqlite3.connect(file)) as database:
        database.executescript(script)


def click(window: Window, button: QPushButton, qtbot: QtBot) -> None:
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    settled(window, qtbot)


def choose_size(window: Window, row: int, size: int) -> None:
    box = window.page.table.cellWidget(row, SIZE)
    box.setCurrentIndex(box.findData(size))


def shown_codes(window: Window) -> list[str]:
    model = window.page.difference.model
    return [model.cells(row)[2] for row in range(model.rowCount())]


def references(window: Window, code: int) -> dict[str, str]:
    table = contents(flow.subject(window.state), code)
    return dict(zip(table["code"].to_pylist(), table["reference"].to_pylist(), strict=True))


def says(window: Window, text: str, qtbot: QtBot) -> None:
    """Wait for the page to say it: what was made just now is shown when the event loop comes round."""

    def said() -> None:
        labels = [label.text() for label in window.page.findChildren(QLabel) if label.isVisible()]
        assert any(text in label for label in labels), labels

    qtbot.waitUntil(said)


# --- importing ---------------------------------------------------------------------------------


@pytest.mark.seed("R-1.9-02", "R-1.9-03")
def test_an_import_shows_types_combinations_and_difference_and_writes_nothing(small: Window, qtbot: QtBot) -> None:
    page = small.page
    says(small, "No grade types yet", qtbot)
    click(small, page.import_button, qtbot)
    assert [page.table.item(row, 0).text() for row in range(2)] == ["1 Cor", "2 Tamanho"]
    says(small, "Cor 4 + Tamanho 3 = 7 of 15", qtbot)
    says(small, "References C001 to C003. Size 4 holds", qtbot)
    says(small, "ITEM-0001      C001T01", qtbot)
    assert "New 5; unchanged 0. Types that change: 2." in page.difference.summary.text.text()
    assert shown_codes(small) == ["AZUL", "ROSA", "VERDE", "G", "P"]
    assert not list(small.state.folder.iterdir()), "neither a profile nor a store"


def test_columns_of_which_nothing_is_known_are_not_shown(opened: Window, qtbot: QtBot) -> None:
    """Slots and remarks are told by an import; the profile keeps neither."""
    opened.resize(1600, 900)
    table = opened.page.table
    qtbot.waitUntil(lambda: table.isVisible() and not table.isColumnHidden(REFERENCES))
    assert table.isColumnHidden(SLOTS)
    assert table.isColumnHidden(REMARKS)
    click(opened, opened.page.import_button, qtbot)
    assert not table.isColumnHidden(SLOTS)
    assert not table.isColumnHidden(REMARKS)
    assert table.item(0, SLOTS).text()


def test_sizes_that_were_chosen_stay_over_another_import(opened: Window, qtbot: QtBot) -> None:
    choose_size(opened, 1, 5)
    click(opened, opened.page.import_button, qtbot)
    assert [grade["size"] for grade in opened.state.data["grades"]["types"]] == [4, 5, 3]
    assert opened.page.table.cellWidget(1, SIZE).currentData() == 5


def test_what_is_wrong_with_types_is_told_in_the_table_and_as_text(small: Window, tmp_path: Path, qtbot: QtBot) -> None:
    change(
        tmp_path / "logix.sqlite",
        """INSERT INTO ctr_grade VALUES ('01', 3, 'Hostil', 'cor; DROP TABLE cor', 'a', 'b', 'N');
        INSERT INTO cor VALUES ('azul', 'other'), (NULL, 'none'), ('ABCDEFGHIJKLMNOPQ', 'long');""",
    )
    page = small.page
    click(small, page.import_button, qtbot)
    assert small.banner.state == "fail"
    assert page.table.item(0, REMARKS).text() == "3"
    assert page.finding_list.isVisible(), "what was not imported at all is not hidden"
    says(small, "3 Hostil", qtbot)
    page.findings_switch.click()
    assert not page.finding_list.isVisible()
    page.findings_copy.click()
    copied = QApplication.clipboard().text()
    assert copied.startswith("X  3 Hostil")
    assert "azul" in copied


def test_a_file_is_imported_where_there_is_no_database_yet(small: Window, tmp_path: Path, qtbot: QtBot) -> None:
    small.change(lambda state: flow.edit(state, "database.file", None))
    page = small.page
    click(small, page.import_button, qtbot)
    assert "pages first: Database" in small.banner.text.text()
    file = tmp_path / "types.csv"
    file.write_text("cod_grade;des_grade;cod_conteudo;des_conteudo\n7;Lavagem;STONE;Stone\n", "utf-8")
    page.take_csv(str(file))
    settled(small, qtbot)
    assert page.table.item(0, 0).text() == "7 Lavagem"
    click(small, page.difference.compare, qtbot)
    assert shown_codes(small) == ["STONE"], "the difference is that of the file"
    page.take_csv(str(tmp_path / "nowhere.csv"))
    settled(small, qtbot)
    assert small.banner.state == "fail"
    assert page.table.item(0, 0).text() == "7 Lavagem"


def test_escape_cancels_an_import_whose_progress_is_shown(opened: Window, qtbot: QtBot) -> None:
    page = opened.page
    before = opened.state.data
    page.import_button.setFocus()
    QTest.keyClick(page.import_button, Qt.Key.Key_Space)
    assert page.strip.isVisible()
    assert QApplication.focusWidget() is page.strip.cancel
    assert not page.import_button.isEnabled()
    QTest.keyClick(opened, Qt.Key.Key_Escape)
    settled(opened, qtbot)
    assert opened.state.data == before
    assert "cancelled" in opened.banner.text.text()
    assert not page.strip.isVisible()
    assert QApplication.focusWidget() is page.import_button


def test_progress_tells_the_type_that_is_read_and_the_comparison(
    small: Window, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    text, said = small.page.strip.text, []
    show = text.setText

    def shown(words: str) -> None:
        said.append(words)
        show(words)

    # All that it says, however little time there is between one word and the next.
    monkeypatch.setattr(text, "setText", shown)
    click(small, small.page.import_button, qtbot)
    assert any("type 1 of 2, Cor" in words for words in said), said
    assert any("Comparing" in words for words in said), said


def test_what_an_import_finds_goes_to_no_other_profile(opened: Window, tmp_path: Path, qtbot: QtBot) -> None:
    opened.page.import_button.click()
    opened.begin(flow.new_profile(tmp_path))
    settled(opened, qtbot)
    assert flow.value_of(opened.state.data, "grades.types") is None
    assert opened.state.grade_work.found is None
    assert not opened.banner.isVisible()


def test_the_files_of_a_session_are_gone_when_another_profile_is_opened(opened: Window, qtbot: QtBot) -> None:
    click(opened, opened.page.import_button, qtbot)
    rows = Path(opened.state.grade_work.rows or "")
    assert rows.exists()
    page = opened.page
    opened.begin(flow.State(opened.state.folder))
    assert not rows.parent.exists()
    assert page.difference.shown == 0


# --- sizes -------------------------------------------------------------------------------------


@pytest.mark.seed("R-1.9-04", "R-1.9-05", "R-1.9-08")
def test_sizes_and_indicators_are_judged_as_they_are_typed(opened: Window, qtbot: QtBot) -> None:
    page = opened.page
    contents_now = flow.value_of(opened.state.data, "grades.types")[0]["contents"]
    choose_size(opened, 0, 3)
    assert page.table.item(0, USED).text() == f"{contents_now / 1233:.0%}".replace("%", "% - does not fit")
    says(opened, "too many", qtbot)
    says(opened, "Cor 3 + Tamanho 3 + Estampa 3 = 9 of 15", qtbot)
    indicator = page.table.cellWidget(0, INDICATOR)
    indicator.setFocus()
    indicator.selectAll()
    QTest.keyClicks(indicator, "x")
    assert indicator.text() == "X"
    says(opened, "References X01", qtbot)
    for row in range(3):
        choose_size(opened, row, 5)
    choose_size(opened, 1, 4)
    says(opened, "= 14 of 15", qtbot)


def test_growth_and_proposal(small: Window, qtbot: QtBot) -> None:
    page = small.page
    click(small, page.import_button, qtbot)
    choose_size(small, 0, 5)
    page.growth.setValue(60)
    assert small.state.grade_work.headroom == pytest.approx(0.6)
    page.propose_button.click()
    assert "Cor 5 -> 4" in small.banner.text.text()
    assert page.table.cellWidget(0, SIZE).currentData() == 4


def test_the_growth_that_is_shown_is_the_one_that_is_judged_with(opened: Window, profile: Path, qtbot: QtBot) -> None:
    opened.page.growth.setValue(60)
    opened.speak("es")
    settled(opened, qtbot)
    assert opened.page.growth.value() == 60
    opened.begin(flow.open_profile(profile, "grades"))
    assert opened.page.growth.value() == round(opened.state.grade_work.headroom * 100) == 25
    opened.speak("en")
    settled(opened, qtbot)


def test_the_table_is_that_of_the_profile_that_is_open(opened: Window, profile: Path) -> None:
    state = flow.open_profile(profile, "grades")
    for code in (1, 2, 3):
        state = flow.edit_grade_type(state, code, "size", 5)
    opened.begin(state)
    assert [opened.page.table.cellWidget(row, SIZE).currentData() for row in range(3)] == [5, 5, 5]


def test_two_types_with_one_indicator_are_told_where_they_stand(opened: Window) -> None:
    indicator = opened.page.table.cellWidget(1, INDICATOR)
    indicator.setFocus()
    indicator.selectAll()
    QTest.keyClicks(indicator, "c")
    assert indicator.text() == "C"
    opened.next_button.click()
    assert opened.state.step == "grades"
    told = [label.text() for label in opened.page.problems.findChildren(QLabel) if label.text()]
    assert any("indicator" in text for text in told)


@pytest.mark.timeout(400)
@pytest.mark.seed("R-1.9-02", "R-1.9-03", "R-1.9-05", "R-1.9-11", "R-GEN-04")
def test_five_types_with_every_trouble_and_re_imports_that_move_no_code(
    five: Window, tmp_path: Path, qtbot: QtBot
) -> None:
    page, dice = five.page, random.Random(20261121)  # noqa: S311 - edits, not secrets
    click(five, page.import_button, qtbot)
    assert five.banner.state == "fail"
    assert [page.table.item(row, 0).text() for row in range(4)] == ["1 Cor", "2 Tamanho", "3 Estampa", "5 Modelagem"]
    assert [page.table.cellWidget(row, SIZE).currentData() for row in range(4)] == [5, 3, 3, 3]
    says(five, "4 Lavagem", qtbot)
    says(five, "(Gg, p)", qtbot)
    click(five, page.difference.apply, qtbot)
    assert "Written to" in page.difference.summary.text.text()
    before = stored(flow.subject(five.state)).contents
    assert {code: table.num_rows for code, table in before.items()} == {1: five_types.MANY, 2: 3, 3: 1233, 5: 40}
    for round_ in range(2):
        five_types.edit(tmp_path / "logix.sqlite", dice, round_)
        click(five, page.import_button, qtbot)
        says(five, f"needs {1234 + round_:,} references, but size 3 holds 1,233. Choose size 4", qtbot)
        click(five, page.difference.compare, qtbot)
        click(five, page.difference.apply, qtbot)
        assert "Written to" in page.difference.summary.text.text()
        after = stored(flow.subject(five.state)).contents
        five_types.never_moved(before, after)
        assert after[five_types.PRINT].equals(before[five_types.PRINT])
        before = after


# --- the difference and Apply ------------------------------------------------------------------


@pytest.mark.seed("R-1.9-11", "R-GEN-04")
def test_a_re_import_by_keyboard_from_start_to_the_written_profile(
    small: Window, tmp_path: Path, qtbot: QtBot, keyboard: Callable
) -> None:
    keys = keyboard(small)
    click(small, small.page.import_button, qtbot)
    keys.letter("Apply")
    keys.settled()
    given = references(small, 1)
    assert given == {"AZUL": "C001", "ROSA": "C002", "VERDE": "C003"}
    small.steps.setCurrentRow(IDS.index("review"))
    keys.letter("Write profile")
    keys.settled()
    change(
        tmp_path / "logix.sqlite",
        "UPDATE cor SET den_cor = 'Rosa choque' WHERE cod_cor = 'ROSA'; DELETE FROM cor WHERE cod_cor = 'AZUL';"
        "INSERT INTO cor VALUES ('AMARELO', 'Amarelo');",
    )
    small.begin(flow.State(small.state.folder))
    qtbot.waitUntil(lambda: small.page.table.rowCount() == 1)
    keys.letter("Import grade types again")
    qtbot.waitUntil(lambda: small.state.step == "grades")
    keys.letter("Import from Logix")
    keys.settled()
    assert "New 1" in small.page.difference.summary.text.text()
    keys.letter("Difference")
    keys.settled()
    assert sorted(shown_codes(small)) == ["AMARELO", "AZUL", "ROSA"]
    keys.letter("Apply")
    keys.settled()
    assert "Written to" in small.page.difference.summary.text.text()
    assert references(small, 1) == {**given, "AMARELO": "C004"}
    keys.letter("Difference")
    keys.settled()
    assert "No difference" in small.page.difference.summary.text.text()
    keys.letter("Next")
    assert small.state.step == "review"
    keys.letter("Write profile")
    keys.settled()
    assert small.state.file is not None
    assert store.read(small.state.file).profile.grades.types[0].contents == 3


def test_apply_before_a_difference_or_after_an_edit_says_what_to_do(opened: Window, qtbot: QtBot) -> None:
    page = opened.page
    click(opened, page.difference.apply, qtbot)
    assert "Press Difference first" in opened.banner.text.text()
    click(opened, page.difference.compare, qtbot)
    choose_size(opened, 0, 5)
    assert "Press Difference again" in page.difference.summary.text.text()
    click(opened, page.difference.apply, qtbot)
    assert "Press Difference again" in opened.banner.text.text()


def test_logix_that_changed_since_the_difference_is_not_applied_unseen(
    small: Window, tmp_path: Path, qtbot: QtBot
) -> None:
    click(small, small.page.import_button, qtbot)
    change(tmp_path / "logix.sqlite", "INSERT INTO cor VALUES ('AMARELO', 'Amarelo');")
    click(small, small.page.difference.apply, qtbot)
    assert "nothing was applied" in small.banner.text.text()
    assert shown_codes(small)[0] == "AMARELO", "the new difference is shown"
    click(small, small.page.difference.apply, qtbot)
    assert len(references(small, 1)) == 4


@pytest.mark.seed("R-1.9-11")
def test_a_renumbering_is_done_only_when_it_was_ticked(small: Window, qtbot: QtBot) -> None:
    page = small.page
    click(small, page.import_button, qtbot)
    click(small, page.difference.apply, qtbot)
    before = references(small, 1)
    choose_size(small, 0, 5)
    click(small, page.difference.compare, qtbot)

    page.difference.apply.click()
    dialog = small.findChild(RenumberingDialog)
    assert dialog.boxes[0].text().replace("&", "") == "1 Cor\nSize 4 to 5: all its 3 references change."
    # Enter keeps the references.
    qtbot.waitUntil(lambda: QApplication.focusWidget() is dialog.cancel)
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: small.findChild(RenumberingDialog) is None)
    assert references(small, 1) == before

    page.difference.apply.click()
    dialog = small.findChild(RenumberingDialog)
    qtbot.waitUntil(lambda: QApplication.focusWidget() is dialog.cancel)
    dialog.go.click()
    assert dialog.isVisible()
    assert "Not ticked yet: 1" in dialog.missing.text.text()
    assert QApplication.focusWidget() is dialog.boxes[0]
    QTest.keyClick(dialog.boxes[0], Qt.Key.Key_Space)
    dialog.go.click()
    settled(small, qtbot)
    assert references(small, 1) == {"AZUL": "C0001", "ROSA": "C0002", "VERDE": "C0003"}
    assert "kept as 1-C4-" in page.difference.summary.text.text()


def test_an_apply_that_is_cancelled_is_looked_up_before_the_next(small: Window, qtbot: QtBot) -> None:
    page = small.page
    click(small, page.import_button, qtbot)
    page.difference.apply.click()
    page.cancel_work()
    settled(small, qtbot)
    assert "ended without an answer" in small.banner.text.text()
    click(small, page.difference.apply, qtbot)
    assert "Press Difference" in small.banner.text.text()
    click(small, page.difference.compare, qtbot)
    assert not small.state.grade_work.unsure


def test_an_apply_that_falls_is_told_by_its_code_and_looked_up_before_the_next(
    small: Window, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = small.page
    click(small, page.import_button, qtbot)
    with qtbot.captureExceptions() as fallen, monkeypatch.context() as damaged:
        damaged.setitem(sys.modules, "pyarrow.compute", None)  # a library of the installation is gone
        click(small, page.difference.apply, qtbot)
    assert [kind for kind, _error, _trace in fallen] == [ModuleNotFoundError]
    assert small.state.grade_work.unsure
    assert "Press Difference" in small.banner.text.text()
    assert page.import_button.isEnabled()


# --- the rows ----------------------------------------------------------------------------------


def test_rows_are_filtered_sorted_and_copied_by_keyboard(small: Window, qtbot: QtBot) -> None:
    click(small, small.page.import_button, qtbot)
    panel = small.page.difference
    panel.type.setFocus()
    QTest.keyClick(panel.type, Qt.Key.Key_Down)
    settled(small, qtbot)
    assert shown_codes(small) == ["AZUL", "ROSA", "VERDE"]
    panel.text.setFocus()
    QTest.keyClicks(panel.text, "ver")
    qtbot.waitUntil(lambda: shown_codes(small) == ["VERDE"])
    QTest.keyClick(panel.text, Qt.Key.Key_Return)
    assert small.state.step == "grades", "Enter in a filter is no wish to go on"
    panel.text.selectAll()
    QTest.keyClick(panel.text, Qt.Key.Key_Delete)
    panel.type.setCurrentIndex(0)
    header = panel.view.horizontalHeader()
    title = QPoint(header.sectionViewportPosition(2) + 20, header.height() // 2)
    for _press in range(2):
        QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=title)
        settled(small, qtbot)
    assert not panel.view.selectionModel().hasSelection()
    qtbot.waitUntil(lambda: shown_codes(small) == ["VERDE", "ROSA", "P", "G", "AZUL"])
    assert "descending" in panel.order.currentText(), "the field says what a click did"
    panel.view.setFocus()
    panel.view.selectRow(0)
    QTest.keyClick(panel.view, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(panel.view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    settled(small, qtbot)
    _head, *copied = QApplication.clipboard().text().split("\n")
    assert [line.split("\t")[2] for line in copied] == ["VERDE", "ROSA"]
    panel.text.setFocus()
    QTest.keyClicks(panel.text, "nothing like that")
    qtbot.waitUntil(lambda: panel.shown == 0)
    assert "No row is like that" in panel.count.text()


def test_rows_that_are_gone_are_told(small: Window, tmp_path: Path, qtbot: QtBot) -> None:
    click(small, small.page.import_button, qtbot)
    changes = small.page.difference._changes
    small.page.difference._show_changes(changes, str(tmp_path / "gone.arrow"))
    settled(small, qtbot)
    assert "The rows cannot be read: There is no such file or folder." in small.page.difference.count.text()


MANY = 700_000


@pytest.mark.usefixtures("own_garbage")
def test_700_000_rows_do_not_hold_the_window(small: Window, tmp_path: Path, qtbot: QtBot) -> None:
    numbers = [f"{number:06}" for number in range(MANY)]
    columns = {
        "type": pa.array([5] * MANY, pa.int32()),
        "kind": ["new"] * MANY,
        "code": numbers,
        "old_description": pa.nulls(MANY, pa.string()),
        "new_description": numbers[::-1],
        "old_reference": pa.nulls(MANY, pa.string()),
        "reference": numbers,
        "sequence": pa.array(range(MANY), pa.int32()),
    }
    file = str(tmp_path / "rows.arrow")
    with pa.OSFile(file, "wb") as sink, pa.ipc.new_file(sink, ROWS) as writer:
        writer.write_table(pa.table(list(columns.values()), schema=ROWS), max_chunksize=65_536)
    grade = {"code": 5, "description": "Desenho", "content_table": "d", "code_column": "c", "description_column": "e"}
    grade |= {"per_company": False, "indicator": "D", "size": 5, "contents": MANY}
    grades = Grades(enabled=True, types=(GradeType.model_validate(grade),))
    changes = Changes("d", (TypeChange(5, "Desenho", ("added",), {"new": MANY}, 0),), {"new": MANY})
    found = Import(grades, (), {}, changes)
    panel, heart = small.page.difference, Heart()

    small.change(lambda state: grade_import.take_import(state, found, Wish(rows=file), state))
    settled(small, qtbot)
    assert panel.shown == MANY
    panel.view.scrollToBottom()
    panel.view.setFocus()
    for key in (Qt.Key.Key_PageUp, Qt.Key.Key_Home, Qt.Key.Key_End):
        QTest.keyClick(panel.view, key)
    QTest.keyClicks(panel.view, "zz")  # Qt's own search would look through every row
    panel.order.setCurrentText("New description, ascending")
    settled(small, qtbot)
    assert panel.model.cells(0)[2] == numbers[-1]
    panel.text.setFocus()
    QTest.keyClicks(panel.text, "69999")
    qtbot.waitUntil(lambda: 0 < panel.shown < MANY)
    panel.text.clear()
    panel.kind.setCurrentIndex(1)
    settled(small, qtbot)
    assert panel.shown == MANY
    panel.view.setFocus()
    panel.view.selectAll()
    QTest.keyClick(panel.view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    settled(small, qtbot)
    assert QApplication.clipboard().text().count("\n") == COPIED_ROWS
    assert f"Only the first {COPIED_ROWS:,}" in panel.count.text().replace(".", ",").replace("\xa0", ",")
    assert heart.longest < stall_seconds()


# --- thousands of combinations ------------------------------------------------------------------


@pytest.fixture
def thousands(tmp_path: Path, make_window: MakeWindow, qtbot: QtBot) -> Window:
    """A profile as large as any, before its page is entered."""
    file = store.write(tmp_path / "enorme.yaml", huge(), None).path
    window = make_window(tmp_path)
    window.begin(flow.open_profile(file, "company"))
    settled(window, qtbot)
    return window


def enter(window: Window) -> None:
    window.steps.setCurrentRow(IDS.index("grades"))


def test_the_page_is_shown_before_thousands_of_combinations_are_judged(thousands: Window, qtbot: QtBot) -> None:
    with held(grade_table, "table"):
        enter(thousands)
        page = thousands.page
        table = page.table
        assert page.isVisible()
        assert table.rowCount() == 0
        says(thousands, "Looking at which types items use together", qtbot)
        assert table.rowCount() == 36
        assert table.item(0, TYPE).text() == "0 Tipo de grade 00"
    settled(thousands, qtbot)
    says(thousands, "= 15 of 15", qtbot)
    assert not [label for label in page.findChildren(QLabel) if label.isVisible() and "Looking at" in label.text()]
    qtbot.waitUntil(lambda: table.cellWidget(35, INDICATOR) is not None)
    table.cellWidget(34, INDICATOR).setFocus()
    QTest.keyClick(table.cellWidget(34, INDICATOR), Qt.Key.Key_Tab)
    assert table.cellWidget(35, SIZE).hasFocus()


def test_a_newer_answer_drops_the_judgement_of_an_older_one(thousands: Window, qtbot: QtBot) -> None:
    enter(thousands)
    qtbot.waitUntil(lambda: thousands.page.table.rowCount() == 36)
    settled(thousands, qtbot)
    table = thousands.page.table
    shown: list[str] = []
    table.model().dataChanged.connect(lambda *_where: shown.append(table.item(0, HOLDS).text()))
    before = table.item(0, HOLDS).text()
    with held(grade_table, "table"):
        choose_size(thousands, 0, 5)
        choose_size(thousands, 0, 4)
    assert flow.value_of(thousands.state.data, "grades.types[0].size") == 4
    settled(thousands, qtbot)
    assert {*shown, before} == {i18n.number(CAPACITY[3]), i18n.number(CAPACITY[4])}
    assert shown[-1] == i18n.number(CAPACITY[4])
    assert table.cellWidget(0, SIZE).currentData() == 4


def test_a_wrong_row_far_down_has_the_keyboard_at_once(thousands: Window) -> None:
    enter(thousands)
    assert thousands.page.focus_on("grades.types[35].indicator")
    assert thousands.page.table.cellWidget(35, INDICATOR).hasFocus()


def test_another_profile_hears_nothing_of_what_is_being_judged(thousands: Window, tmp_path: Path, qtbot: QtBot) -> None:
    enter(thousands)
    made = huge()
    few = made.grades.model_copy(update={"types": made.grades.types[:2], "combinations": ((0, 1),)})
    file = store.write(tmp_path / "dois.yaml", made.model_copy(update={"name": "Dois", "grades": few}), None).path
    thousands.begin(flow.open_profile(file, "grades"))
    settled(thousands, qtbot)
    assert thousands.page.table.rowCount() == 2
