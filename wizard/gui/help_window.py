"""The help of the page at hand, beside the window: F1, or the link of an error. Offline, from resources/help."""

from __future__ import annotations

from gettext import gettext as _

from PySide6.QtCore import QSize, Qt, QUrl
from PySide6.QtGui import (
    QDesktopServices,
    QImage,
    QKeySequence,
    QShortcut,
    QTextBlock,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
)
from PySide6.QtWidgets import QComboBox, QDialog, QHBoxLayout, QLabel, QPushButton, QTextBrowser, QVBoxLayout, QWidget

from wizard.flow import help as help_pages
from wizard.flow.steps import IDS
from wizard.gui.mnemonics import assign
from wizard.gui.reading_order import set_tab_order, widgets
from wizard.gui.style import NARROW_FROM, SHEET, SPACE, tone
from wizard.gui.theme import theme

SIZE = (560, 640)
FIRST = ("program", "passwords", "glossary")
"""What stands in the list behind the pages of the wizard."""


class HelpWindow(QDialog):
    """Shows one page of the help at a section, and remembers the way back."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Help"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setStyleSheet(SHEET)
        self.section = ""
        """What is shown: "database#driver", or a page alone."""
        self._way: list[str] = []
        self.pages = QComboBox()
        self.pages.setAccessibleName(_("Page of the help"))
        for name in (*IDS, *FIRST):
            self.pages.addItem(help_pages.read(name).title, name)
        self.pages.activated.connect(lambda row: self.show_section(self.pages.itemData(row)))
        self.back = QPushButton(_("Back"))
        self.back.clicked.connect(self._go_back)
        self.close_button = QPushButton(_("Close"))
        self.close_button.clicked.connect(self.close)
        self.text = _Pages()
        self.text.setAccessibleName(_("Help"))
        self.text.setOpenLinks(False)
        self.text.anchorClicked.connect(self._follow)
        for button in (self.back, self.close_button):
            button.setAutoDefault(False)
        top = QHBoxLayout()
        top.setSpacing(SPACE)
        label = QLabel(_("Page of the help"))
        label.setBuddy(self.pages)
        top.addWidget(self.back)
        top.addWidget(label)
        top.addWidget(self.pages, 1)
        top.addWidget(self.close_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE * 2, SPACE * 2, SPACE * 2, SPACE * 2)
        layout.setSpacing(SPACE + SPACE // 2)
        layout.addLayout(top)
        layout.addWidget(self.text, 1)
        chain = list(widgets(self))
        assign(chain, set())
        set_tab_order(chain)
        room = parent.window().size()
        self.resize(QSize(*SIZE).boundedTo(QSize(room.width() - SPACE * 4, room.height() - SPACE * 4)))
        if room.width() >= NARROW_FROM:
            # To the right, where it covers least of the page that it speaks of.
            corner = parent.window().mapToGlobal(parent.window().rect().topRight())
            self.move(corner.x() - self.width() - SPACE * 2, corner.y() + SPACE * 8)
        theme().changed.connect(self._draw)
        # The text would keep it for itself.
        QShortcut(QKeySequence(Qt.Key.Key_Escape), self, activated=self.close)

    def show_section(self, section: str) -> None:
        """Show a section; the one that was shown before is what Back leads to."""
        if self.section and self.section != section:
            self._way.append(self.section)
        self._open(section)

    def _open(self, section: str) -> None:
        self.section = section
        self.back.setEnabled(bool(self._way))
        self.pages.setCurrentIndex(self.pages.findData(section.partition("#")[0]))
        self._draw()

    def _draw(self) -> None:
        name, _mark, anchor = self.section.partition("#")
        page = help_pages.read(name)
        self.text.show_text(page.text)
        headings = [block for block in _blocks(self.text.document()) if block.blockFormat().headingLevel()]
        for block in headings:
            _space_above(block)
        if anchor in page.anchors:
            self.text.go_to(headings[page.anchors[anchor]])
        else:
            self.text.moveCursor(QTextCursor.MoveOperation.Start)

    def _follow(self, url: QUrl) -> None:
        if url.scheme():
            QDesktopServices.openUrl(url)
            return
        name = url.path().removesuffix(".md") or self.section.partition("#")[0]
        self.show_section(f"{name}#{url.fragment()}" if url.fragment() else name)

    def _go_back(self) -> None:
        if self._way:
            self._open(self._way.pop())


class _Pages(QTextBrowser):
    """Markdown with the pictures of resources, never wider than the text."""

    def __init__(self) -> None:
        super().__init__()
        self._source = ""
        self._wide = 0
        self.document().setDocumentMargin(SPACE * 2)

    def show_text(self, markdown: str) -> None:
        """Show Markdown in the colours of the scheme in force."""
        self._source = markdown
        self.document().clear()
        self._wide = self.viewport().width()
        self.setMarkdown(markdown)
        accent = QTextCharFormat()
        accent.setForeground(tone("accent"))
        for block in _blocks(self.document()):
            _colour_links(block, accent)

    def go_to(self, block: QTextBlock) -> None:
        """Put a block at the top, and the keyboard's place with it."""
        cursor = QTextCursor(block)
        self.setTextCursor(cursor)
        top = self.document().documentLayout().blockBoundingRect(block).top()
        self.verticalScrollBar().setValue(round(top) - SPACE)

    def loadResource(self, kind: int, name: QUrl) -> object:
        """Pictures come from resources and nothing from anywhere else."""
        if kind != QTextDocument.ResourceType.ImageResource.value:
            return None
        image = QImage(str(help_pages.picture(name.fileName())))
        if image.isNull():
            return None
        wide = max(self._wide - SPACE * 6, SPACE * 20)
        ratio = self.devicePixelRatioF()
        image = image.scaledToWidth(round(wide * ratio), Qt.TransformationMode.SmoothTransformation)
        image.setDevicePixelRatio(ratio)
        return image


def _blocks(document: QTextDocument) -> list[QTextBlock]:
    result = []
    block = document.begin()
    while block.isValid():
        result.append(block)
        block = block.next()
    return result


def _space_above(block: QTextBlock) -> None:
    form = block.blockFormat()
    form.setTopMargin(SPACE * 2 if block.blockNumber() else 0)
    form.setBottomMargin(SPACE)
    QTextCursor(block).setBlockFormat(form)


def _colour_links(block: QTextBlock, accent: QTextCharFormat) -> None:
    spans = [
        (piece.fragment().position(), piece.fragment().length())
        for piece in block
        if piece.fragment().charFormat().isAnchor()
    ]
    for position, length in spans:
        cursor = QTextCursor(block)
        cursor.setPosition(position)
        cursor.setPosition(position + length, QTextCursor.MoveMode.KeepAnchor)
        cursor.mergeCharFormat(accent)


def show_help(over: QWidget, section: str) -> HelpWindow:
    """Show a section beside the window or dialog that is in front; one help window for each."""
    owner = over.window()
    found = next((child for child in owner.children() if isinstance(child, HelpWindow)), None)
    shown = found if found is not None else HelpWindow(owner)
    shown.show()
    shown.show_section(section)
    shown.activateWindow()
    shown.text.setFocus()
    return shown
