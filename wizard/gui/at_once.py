"""Many changes of one part of a page, laid out once and before anything of it is painted."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QWidget


@contextmanager
def at_once(part: QWidget) -> Iterator[None]:
    """Lay out what is changed inside only at the end, from its rows up to the area that it scrolls in.

    By itself Qt lays out all of the page with every label that is shown, and hands the new height on by a level per
    turn of the event loop: what is painted in between has rows of the height of before, with texts that are cut.
    """
    layout = part.layout()
    if layout is None or not part.isVisible():
        yield
        return
    layout.setEnabled(False)
    try:
        yield
    finally:
        layout.setEnabled(True)
    for row in (layout.itemAt(place).widget() for place in range(layout.count())):
        if row is not None and row.layout() is not None:
            row.layout().activate()
    around = [part]
    while (above := around[-1].parentWidget()) is not None and above.layout() is not None:
        around.append(above)
    for widget in around:
        widget.updateGeometry()
    if above is not None:
        # The view of a scrolling area: it gives its content the height that this asks for. Only then is there room.
        QApplication.sendEvent(above, QEvent(QEvent.Type.LayoutRequest))
    for widget in reversed(around):
        widget.layout().activate()
