"""What holds for every widget of a page or dialog, looked at as people meet it who see little, or use no mouse.

Each rule gives what is wrong as sentences; nothing when all is well. `RULES` has all of them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from itertools import pairwise

from PySide6.QtCore import QModelIndex, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QAccessible, QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QAbstractSpinBox,
    QBoxLayout,
    QCheckBox,
    QComboBox,
    QHeaderView,
    QLabel,
    QLayout,
    QLineEdit,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QScrollBar,
    QSplitter,
    QStyle,
    QStyleOptionButton,
    QStyleOptionComboBox,
    QTabBar,
    QTableView,
    QToolButton,
    QWidget,
)

CONTRAST = 4.5
FINE = 2
"""Pixels of the picture for one of the screen: strokes have to be as thick as a pixel to show their colour."""

ENOUGH = QSize(240, 30)
"""As much of a text as shows its colours."""

LONG = 60
"""Letters of a word that is no longer a word: a path of a test's own folder may be wider than any label."""

INPUTS = (QLineEdit, QComboBox, QAbstractSpinBox, QPlainTextEdit)
OWN_PARTS = re.compile(r"^qt_|^ScrollLeftButton$|^ScrollRightButton$|^_q_")


def visible(root: QWidget) -> list[QWidget]:
    """Every visible widget of a window or page that the program, not Qt, put there."""
    found = [one for one in root.findChildren(QWidget) if one.isVisible() and one.window() is root.window()]
    return [one for one in found if not _part_of_another(one)]


def call(widget: QWidget) -> str:
    """A widget as a person would name it."""
    text = getattr(widget, "text", None)
    shown = text() if callable(text) and not isinstance(widget, QLineEdit) else ""
    return f"{type(widget).__name__} {(shown or name_of(widget) or widget.objectName())[:60]!r}"


def name_of(widget: QWidget) -> str:
    """The name that a screen reader says. Of a list to choose from Qt gives its value on Linux, not its name."""
    if isinstance(widget, QComboBox):
        return widget.accessibleName()
    return QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name)


def description_of(widget: QWidget) -> str:
    """What a screen reader says besides the name."""
    return QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Description)


# --- the rules ---------------------------------------------------------------------------------


def named(root: QWidget) -> Iterator[str]:
    """What takes the keyboard, shows how far something is, or is only a picture says what it is."""
    for widget in visible(root):
        picture = isinstance(widget, QLabel) and not widget.pixmap().isNull() and not widget.text()
        if (_is_stop(widget) or isinstance(widget, QProgressBar) or picture) and not name_of(widget).strip():
            yield f"no name: {call(widget)}"
        for text in _items(widget):
            if not text.strip():
                yield f"no name: an item of {call(widget)}"


def lettered(root: QWidget) -> Iterator[str]:
    """No letter for Alt stands twice, and none on a label that leads nowhere."""
    letters: dict[str, list[str]] = {}
    for widget in visible(root):
        if not isinstance(widget, QAbstractButton | QLabel):
            continue
        text = widget.text().replace("&&", "")
        if isinstance(widget, QLabel) and not widget.buddy():
            # Without a buddy a label shows the mark as it is, and has no letter.
            continue
        if "&" in text:
            letters.setdefault(text[text.index("&") + 1 :][:1].casefold(), []).append(call(widget))
    for letter, given in letters.items():
        if len(given) > 1:
            yield f"the letter {letter} is given to {' and '.join(given)}"


def reached(root: QWidget) -> Iterator[str]:
    """Tab comes to everything that takes the keyboard; nothing that can be pressed is for the mouse alone."""
    wanted = [widget for widget in visible(root) if _is_stop(widget)]
    way = tab_way(root)
    for widget in wanted:
        if widget not in way:
            yield f"Tab does not reach {call(widget)}"
    for widget in visible(root):
        if isinstance(widget, (QAbstractButton, *INPUTS)) and widget.isEnabled() and not _is_stop(widget):
            if widget.focusProxy() is not None:
                continue
            yield f"only the mouse reaches {call(widget)}"


def in_order(root: QWidget) -> Iterator[str]:
    """Tab goes as people read: down and to the right; up only into the next column."""
    way = [widget for widget in tab_way(root) if root.isAncestorOf(widget)]
    for before, after in pairwise(way):
        first, second = _branches(before, after)
        if first is None or second is None:
            continue
        here, there = _place(first, root.window()), _place(second, root.window())
        above = there.bottom() <= here.top()
        beside = there.left() >= here.right()
        same_line = there.top() < here.bottom() and here.top() < there.bottom()
        if (above and not beside) or (same_line and there.right() <= here.left()):
            yield f"Tab goes back from {call(before)} to {call(after)}"


def legible(root: QWidget) -> Iterator[str]:
    """Every text stands out from what it is painted on; what is disabled may be pale."""
    window = root.window()
    focused = window.focusWidget()
    if focused:
        focused.clearFocus()
    picture = _picture(window)
    for what, text, place in _painted(root):
        measured = contrast(picture, place)
        if measured < CONTRAST:
            yield f"contrast {measured:.2f} of {text[:40]!r} in {what}"
    if focused:
        focused.setFocus()


def whole(root: QWidget) -> Iterator[str]:
    """No text is cut, and no widget by what it stands in."""
    for widget in visible(root):
        yield from _cut(widget)
        parent = widget.parentWidget()
        if parent is None or widget.isWindow() or isinstance(parent.parentWidget(), QScrollArea | QAbstractItemView):
            continue
        if not parent.rect().adjusted(-1, -1, 1, 1).contains(widget.geometry()) and not isinstance(
            parent, QAbstractItemView | QSplitter
        ):
            yield f"cut by what it stands in: {call(widget)}"


def labelled(root: QWidget) -> Iterator[str]:
    """Whatever can be filled in has a label on the page that leads to it; in a table its column does."""
    labels = [one for one in visible(root) if isinstance(one, QLabel) and one.buddy()]
    for widget in visible(root):
        if not isinstance(widget, INPUTS) or _in_a_table(widget):
            continue
        if isinstance(widget, QLineEdit | QPlainTextEdit) and widget.isReadOnly():
            continue
        if not any(_leads_to(label.buddy(), widget) for label in labels):
            yield f"no label leads to {call(widget)}"


def described(root: QWidget) -> Iterator[str]:
    """What stands under a field, and in a tool tip, is said of it too: tool tips need a mouse."""
    for widget in visible(root):
        said = f"{name_of(widget)} {description_of(widget)}"
        if widget.toolTip() and widget.toolTip() not in said:
            yield f"the tool tip of {call(widget)} is not said: {widget.toolTip()[:40]!r}"
    others = [one for one in visible(root) if isinstance(one, (*INPUTS, QCheckBox))]
    for widget in others:
        if _in_a_table(widget):
            continue
        for text in _texts_under(widget):
            # Of two inputs of one answer it is enough that one says so.
            kin = [one for one in others if one.parentWidget() in (widget.parentWidget(), widget)]
            if not any(text in description_of(one) for one in (widget, *kin)):
                yield f"what stands under {call(widget)} is not said: {text[:40]!r}"


RULES: tuple[Callable[[QWidget], Iterator[str]], ...] = (
    named,
    lettered,
    reached,
    in_order,
    legible,
    whole,
    labelled,
    described,
)


# --- the keyboard ------------------------------------------------------------------------------


def tab_way(root: QWidget) -> list[QWidget]:
    """Where Tab goes from the first stop until it comes round, by pressing it."""
    window = root.window()
    window.activateWindow()
    before = window.focusWidget()
    stops = [widget for widget in visible(window) if _is_stop(widget)]
    if not stops:
        return []
    start = window
    while start not in stops:
        start = start.nextInFocusChain()
    start.setFocus(Qt.FocusReason.TabFocusReason)
    way: list[QWidget] = []
    for _press in range(len(stops) + 5):
        now = window.focusWidget()
        if now is None or now in way:
            break
        way.append(now)
        QTest.keyClick(now, Qt.Key.Key_Tab)
    if before:
        before.setFocus()
    return way


def _is_stop(widget: QWidget) -> bool:
    return (
        bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
        and widget.isEnabled()
        and widget.focusProxy() is None
        and not _part_of_another(widget)
    )


def _part_of_another(widget: QWidget) -> bool:
    """Whether Qt made it as part of another widget: the line of a spin box, a corner, a scroll bar."""
    parent = widget.parentWidget()
    return (
        (bool(OWN_PARTS.match(widget.objectName())) and not isinstance(widget, QTabBar))
        or isinstance(widget, QScrollBar)
        or (isinstance(parent, QLineEdit | QTabBar) and isinstance(widget, QAbstractButton))
        or type(widget).__name__ in ("QTableCornerButton", "QComboBoxPrivateContainer")
        or (isinstance(parent, QTableView) and type(widget) is QAbstractButton)
    )


def _branches(one: QWidget, other: QWidget) -> tuple[QWidget | None, QWidget | None]:
    """The children of what both stand in, through which one and the other are reached."""
    chain = [one]
    while chain[-1].parentWidget():
        chain.append(chain[-1].parentWidget())
    walk, below = other, other
    while walk is not None and walk not in chain:
        walk, below = walk.parentWidget(), walk
    if walk is None or walk in (one, other):
        return None, None
    return chain[chain.index(walk) - 1], below


# --- names and labels --------------------------------------------------------------------------


def _items(widget: QWidget) -> Iterator[str]:
    """What a screen reader says of the items of a list, the tabs of a bar and the titles of a table."""
    if isinstance(widget, QTabBar):
        yield from (widget.tabText(index) for index in range(widget.count()) if widget.isTabVisible(index))
    elif isinstance(widget, QHeaderView):
        yield from (text for _index, text in _titles(widget))
    elif isinstance(widget, QAbstractItemView) and not isinstance(widget, QTableView) and widget.model():
        for row in range(min(widget.model().rowCount(QModelIndex()), 200)):
            index = widget.model().index(row, 0)
            yield str(index.data(Qt.ItemDataRole.AccessibleTextRole) or index.data() or "")


def _titles(header: QHeaderView) -> list[tuple[int, str]]:
    shown = [index for index in range(header.count()) if not header.isSectionHidden(index)]
    return [(index, str(header.model().headerData(index, header.orientation()) or "")) for index in shown]


def _in_a_table(widget: QWidget) -> bool:
    parent = widget.parentWidget()
    while parent is not None:
        if isinstance(parent, QAbstractItemView):
            return True
        parent = parent.parentWidget()
    return False


def _leads_to(buddy: QWidget, widget: QWidget) -> bool:
    """A label leads to its buddy, what that is part of, and the other inputs of the same answer."""
    kin = buddy.parentWidget() is widget.parentWidget() and isinstance(_layout_of(widget), QBoxLayout)
    row = _layout_of(widget)
    along = isinstance(row, QBoxLayout) and row.direction() == QBoxLayout.Direction.LeftToRight
    return buddy is widget or buddy.parentWidget() is widget or widget.parentWidget() is buddy or (kin and along)


def _layout_of(widget: QWidget) -> QLayout | None:
    """The layout, of the parent or inside it, that places a widget."""
    parent = widget.parentWidget()
    waiting = [parent.layout()] if parent and parent.layout() else []
    while waiting:
        layout = waiting.pop()
        for index in range(layout.count()):
            item = layout.itemAt(index)
            if item.widget() is widget:
                return layout
            if item.layout():
                waiting.append(item.layout())
    return None


def _texts_under(widget: QWidget) -> list[str]:
    """Texts in the same cell, below what can be filled in."""
    below: QWidget = widget
    while below.parentWidget() is not None:
        layout = below.parentWidget().layout()
        if layout is not None and layout.indexOf(below) == 0 and isinstance(layout, QBoxLayout):
            if layout.direction() == QBoxLayout.Direction.TopToBottom and layout.count() > 1:
                rest = [layout.itemAt(index).widget() for index in range(1, layout.count())]
                if any(
                    isinstance(one, INPUTS) for other in rest if other for one in [other, *other.findChildren(QWidget)]
                ):
                    return []
                return [
                    label.text()
                    for one in rest
                    if one is not None and one.isVisible()
                    for label in ([one] if isinstance(one, QLabel) else one.findChildren(QLabel))
                    if label.isVisible() and label.text()
                ]
        elif layout is not None and layout.indexOf(below) != 0:
            return []
        below = below.parentWidget()
    return []


# --- colours -----------------------------------------------------------------------------------


def contrast(picture: QImage, place: QRect) -> float:
    """Contrast, as WCAG 2 counts it, of what stands out most from the commonest colour of a place of a picture."""
    place = place.intersected(QRect(QPoint(), picture.deviceIndependentSize().toSize()))
    part = picture.copy(QRect(place.topLeft() * FINE, place.size().boundedTo(ENOUGH) * FINE))
    return 1.0 if part.isNull() else _contrast_of(bytes(part.constBits()))


@cache
def _contrast_of(pixels: bytes) -> float:
    counted = Counter(memoryview(pixels).cast("I"))
    back = luminance(counted.most_common(1)[0][0])
    return max((max(back, ink) + 0.05) / (min(back, ink) + 0.05) for ink in map(luminance, counted))


@cache
def luminance(pixel: int) -> float:
    """Relative luminance of a pixel."""
    colour = QColor(pixel)
    parts = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in colour.getRgbF()[:3]]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def _picture(window: QWidget) -> QImage:
    picture = QImage(window.size() * FINE, QImage.Format.Format_RGB32)
    picture.setDevicePixelRatio(FINE)
    picture.fill(window.palette().window().color())
    window.render(picture)
    return picture


def _painted(root: QWidget) -> Iterator[tuple[str, str, QRect]]:
    """Every text that is painted now, with where in the window it stands. Icons are left out."""
    window = root.window()
    for widget in visible(root):
        if not widget.isEnabled():
            continue
        seen = widget.visibleRegion().boundingRect()
        texts = list(_texts(widget))
        if isinstance(widget, QAbstractScrollArea) and not isinstance(widget, QHeaderView):
            inside = widget.viewport().geometry()
            seen = seen.intersected(inside)
            texts = [(text, place.translated(inside.topLeft())) for text, place in texts]
        for text, place in texts:
            shown = place.intersected(seen)
            if text.strip() and shown.width() >= min(place.width(), 12) and shown.height() >= place.height():
                yield call(widget), text, QRect(widget.mapTo(window, shown.topLeft()), shown.size())


def _texts(widget: QWidget) -> Iterator[tuple[str, QRect]]:  # noqa: PLR0912 - one branch for each kind
    style = widget.style()
    if isinstance(widget, QLabel):
        if widget.text():
            room = widget.contentsRect().adjusted(widget.margin(), 0, -widget.margin(), 0)
            wraps = Qt.TextFlag.TextWordWrap if widget.wordWrap() else Qt.TextFlag.TextSingleLine
            yield widget.text(), widget.fontMetrics().boundingRect(room, widget.alignment() | wraps, widget.text())
    elif isinstance(widget, QCheckBox):
        option = QStyleOptionButton()
        widget.initStyleOption(option)
        yield widget.text(), style.subElementRect(QStyle.SubElement.SE_CheckBoxContents, option, widget)
    elif isinstance(widget, QPushButton | QToolButton):
        if widget.text():
            yield widget.text(), _beside_icon(widget)
    elif isinstance(widget, QLineEdit):
        yield widget.displayText() or widget.placeholderText(), widget.rect().adjusted(6, 4, -6, -4)
    elif isinstance(widget, QComboBox):
        if not widget.isEditable():
            option = QStyleOptionComboBox()
            widget.initStyleOption(option)
            place = style.subControlRect(
                QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, widget
            )
            text = widget.currentText() or widget.placeholderText()
            icon = widget.iconSize().width() + 4 if not option.currentIcon.isNull() else 0
            yield text, place.adjusted(2 + icon, 2, -2, -2)
    elif isinstance(widget, QTabBar):
        for index in range(widget.count()):
            yield widget.tabText(index), widget.tabRect(index).adjusted(6, 4, -6, -4)
    elif isinstance(widget, QHeaderView):
        for index, text in _titles(widget):
            size = QSize(widget.sectionSize(index) - 6, widget.height() - 6)
            yield text, QRect(QPoint(widget.sectionViewportPosition(index) + 3, 3), size)
    elif isinstance(widget, QAbstractItemView):
        yield from _item_texts(widget)
    elif isinstance(widget, QPlainTextEdit):
        block = widget.firstVisibleBlock()
        while block.isValid():
            place = widget.blockBoundingGeometry(block).translated(widget.contentOffset()).toRect()
            seen = widget.viewport().rect().adjusted(3, 0, -3, 0)
            # Of a line that is half below the edge no letter may be in sight.
            if seen.top() <= place.top() and place.bottom() <= seen.bottom():
                yield block.text(), place.intersected(seen)
            block = block.next()


def _beside_icon(button: QPushButton | QToolButton) -> QRect:
    """Where no icon is: the right half, or behind it in a button that begins at the left."""
    place = button.rect().adjusted(6, 4, -6, -4)
    if button.icon().isNull():
        return place
    return place.adjusted(30 if button.objectName() == "action" else place.width() // 2, 0, 0, 0)


def _item_texts(view: QAbstractItemView) -> Iterator[tuple[str, QRect]]:
    """Every text of an item view that is in sight, with its place in the view's viewport."""
    model = view.model()
    for row in range(min(model.rowCount(QModelIndex()), 60)):
        for column in range(_columns(view)):
            index: QModelIndex = model.index(row, column)
            enabled = bool(index.flags() & Qt.ItemFlag.ItemIsEnabled)
            if enabled and view.indexWidget(index) is None and index.data() and view.visualRect(index).isValid():
                place = view.visualRect(index).adjusted(3, 1, -3, -1)
                has_icon = index.data(Qt.ItemDataRole.DecorationRole) is not None
                yield str(index.data()), place.adjusted(view.iconSize().width() + 6 if has_icon else 0, 0, 0, 0)


# --- room --------------------------------------------------------------------------------------


def _cut(widget: QWidget) -> Iterator[str]:  # noqa: PLR0912 - one branch for each kind
    metrics = widget.fontMetrics()
    if isinstance(widget, QPushButton | QCheckBox | QToolButton) or (
        isinstance(widget, QLabel) and widget.text() and not widget.wordWrap()
    ):
        needed = widget.sizeHint()
        if widget.width() < needed.width() or widget.height() < min(needed.height(), metrics.height()):
            yield f"cut: {call(widget)} has {widget.width()} of {needed.width()}"
    elif isinstance(widget, QLabel) and widget.text():
        needed_height = widget.heightForWidth(widget.width())
        words = max((metrics.horizontalAdvance(word) for word in widget.text().split() if len(word) <= LONG), default=0)
        if widget.height() < needed_height or widget.width() < words:
            yield f"cut: {call(widget)} has {widget.width()}x{widget.height()} of {words}x{needed_height}"
    elif isinstance(widget, QLineEdit | QComboBox | QAbstractSpinBox):
        if widget.height() < metrics.height() + 6:
            yield f"cut in height: {call(widget)} has {widget.height()} of {metrics.height() + 6}"
        yield from _cut_answer(widget)
    elif isinstance(widget, QTabBar):
        for index in range(widget.count()):
            text = widget.tabText(index).replace("&", "")
            if widget.tabRect(index).width() < metrics.horizontalAdvance(text) and not widget.tabToolTip(index):
                yield f"cut: the tab {text!r}"
    elif isinstance(widget, QHeaderView):
        if widget.orientation() == Qt.Orientation.Horizontal:
            for index, text in _titles(widget):
                if widget.sectionSize(index) < widget.sectionSizeFromContents(index).width():
                    yield f"cut: the title {text!r} has {widget.sectionSize(index)}"
    elif isinstance(widget, QAbstractItemView):
        yield from _cut_items(widget)


def _cut_answer(widget: QWidget) -> Iterator[str]:
    """A chosen value and a hint are to be read whole; what is typed may scroll."""
    if isinstance(widget, QComboBox) and not widget.isEditable():
        option = QStyleOptionComboBox()
        widget.initStyleOption(option)
        place = widget.style().subControlRect(
            QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, widget
        )
        icon = widget.iconSize().width() + 4 if not option.currentIcon.isNull() else 0
        text = widget.currentText() or widget.placeholderText()
        if place.width() - icon < widget.fontMetrics().horizontalAdvance(text) and widget.toolTip() != text:
            yield f"cut: {text!r} in {call(widget)} has {place.width() - icon}"
    elif isinstance(widget, QLineEdit) and not widget.text() and widget.placeholderText():
        needed = widget.fontMetrics().horizontalAdvance(widget.placeholderText()) + 8
        if widget.width() < needed:
            yield f"cut: {widget.placeholderText()!r} in {call(widget)} has {widget.width()} of {needed}"


def _cut_items(view: QAbstractItemView) -> Iterator[str]:
    model = view.model()
    for row in range(min(model.rowCount(QModelIndex()), 60) if model else 0):
        for column in range(_columns(view)):
            index = model.index(row, column)
            place = view.visualRect(index)
            if not place.isValid() or view.indexWidget(index) is not None or not index.data():
                continue
            if place.width() < view.sizeHintForIndex(index).width() and not index.data(Qt.ItemDataRole.ToolTipRole):
                yield f"cut: {index.data()!r} in {call(view)} has {place.width()} and no tool tip"


def _columns(view: QAbstractItemView) -> int:
    return view.model().columnCount(QModelIndex()) if isinstance(view, QTableView) else 1


def _place(widget: QWidget, window: QWidget) -> QRect:
    return QRect(widget.mapTo(window, QPoint()), widget.size())
