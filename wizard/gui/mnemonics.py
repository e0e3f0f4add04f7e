"""Letters to press with Alt: one per label, unique on the page, found anew for every language."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget


def bare(text: str) -> str:
    """A label without its mark: "&Voltar" -> "Voltar"."""
    return text.replace("&&", "\0").replace("&", "").replace("\0", "&")


def marked(text: str, taken: set[str]) -> str:
    """The label with a free letter marked, first letters of words before others; unmarked when none is free."""
    plain = bare(text)
    starts = [i for i, c in enumerate(plain) if c.isalnum() and (i == 0 or not plain[i - 1].isalnum())]
    others = [i for i, c in enumerate(plain) if c.isalnum() and i not in starts]
    for index in (*starts, *others):
        letter = plain[index].casefold()
        if letter.isascii() and letter not in taken:
            taken.add(letter)
            return (plain[:index] + "\0" + plain[index:]).replace("&", "&&").replace("\0", "&")
    return plain.replace("&", "&&")


def assign(widgets: Iterable[QWidget], taken: set[str]) -> None:
    """Mark labels with buddies and buttons, in the order given; `taken` letters belong to the frame around."""
    for widget in widgets:
        if widget.property("no_letter"):
            continue
        if isinstance(widget, QAbstractButton) or (isinstance(widget, QLabel) and widget.buddy()):
            text = widget.text()
            if bare(text):
                widget.setText(marked(text, taken))
