"""What has to be in place: found out where a program can, named where only a person knows."""

from __future__ import annotations

from gettext import gettext as _

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout

from wizard.checklist.items import ITEMS, Item
from wizard.gui.pages.page import Page, Shell, scrolled
from wizard.gui.parts import column, heading, muted, wrapped
from wizard.gui.style import SPACE, set_icon

WORDS = {
    "ok": lambda: _("found here"),
    "warn": lambda: _("not on this machine"),
    "ask": lambda: _("please confirm"),
    "later": lambda: _("the checks will tell"),
}


class PrerequisitesPage(Page):
    """A list to read and see to; nothing is asked here."""

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        box, content = column(0)
        for item in ITEMS:
            if item.prerequisite:
                content.addWidget(self._row(item))
        self.area = scrolled(box)
        self.area.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.area.setAccessibleName(_("Prerequisites"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.area)

    def focus_first(self) -> None:
        self.area.setFocus()

    def _row(self, item: Item) -> QFrame:
        row = QFrame()
        found = _found(item)
        icon = QLabel()
        set_icon(icon, "pending" if found == "later" else found)
        need = _("mandatory") if item.mandatory else _("recommended")
        title = heading(_(item.title))
        title.setWordWrap(False)
        state = muted(f"{WORDS[found]()} - {need}")
        state.setWordWrap(False)
        top = QHBoxLayout()
        top.setSpacing(SPACE)
        top.addWidget(title)
        top.addWidget(state)
        top.addStretch(1)
        texts = QVBoxLayout()
        texts.setSpacing(0)
        texts.addLayout(top)
        texts.addWidget(wrapped(_(item.why)))
        layout = QHBoxLayout(row)
        layout.setContentsMargins(0, SPACE // 2, 0, SPACE // 2)
        layout.setSpacing(SPACE)
        layout.addWidget(icon, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(texts, 1)
        row.setAccessibleName(f"{_(item.title)}: {WORDS[found]()}, {need}")
        row.setAccessibleDescription(_(item.why))
        return row


def _found(item: Item) -> str:
    """How an item stands before anything is known of the site: by a look at this machine, else a word on who tells."""
    if item.probe:
        seen = item.probe()
        return seen.status if seen else "warn"
    return "ask" if item.ask else "later"


PAGE = PrerequisitesPage
