"""What screen readers say of a widget, beyond its name."""

from __future__ import annotations

import time

from PySide6.QtWidgets import QComboBox, QWidget

from wizard.gui.parts import announce

EVERY = 10.0
"""Seconds between two words on how far something is: who listens wants to work meanwhile."""


def describe(widget: QWidget, *texts: str) -> None:
    """Have the texts that stand under a field said with it: neither help nor a complaint is for the eyes alone."""
    said = " ".join(text for text in texts if text)
    _told(widget, said)
    if isinstance(widget, QComboBox) and widget.lineEdit() is not None:
        # Which of both a reader is told of depends on the platform.
        widget.lineEdit().setAccessibleName(widget.accessibleName())
        _told(widget.lineEdit(), said)
    elif isinstance(widget.parentWidget(), QComboBox):
        _told(widget.parentWidget(), said)


class ProgressVoice:
    """Says now and then how far a work is, after it has lasted for a while; never for each of its steps."""

    def __init__(self, widget: QWidget) -> None:
        self._widget = widget
        self._last = 0.0

    def begin(self, text: str) -> None:
        """Say that it began."""
        self._last = time.monotonic()
        announce(self._widget, text)

    def tell(self, text: str) -> None:
        """Say how far it is, unless something was said a moment ago."""
        now = time.monotonic()
        if now - self._last >= EVERY:
            self._last = now
            announce(self._widget, text)


def _told(widget: QWidget, said: str) -> None:
    # Each setting is an event for the reader.
    if widget.accessibleDescription() != said:
        widget.setAccessibleDescription(said)
