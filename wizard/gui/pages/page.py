"""What every page offers to the window, and what the window offers to its pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, Self

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from wizard.flow.state import State
from wizard.gui.style import SPACE

if TYPE_CHECKING:
    from wizard.flow import draft_file
    from wizard.gui.background import Background
    from wizard.gui.check_run import CheckRun
    from wizard.gui.checks_panel import ChecksPanel
    from wizard.gui.draft_keeper import DraftKeeper
    from wizard.gui.parts import Banner


class Shell(Protocol):
    """The window, as its pages see it."""

    state: State
    background: Background
    banner: Banner
    drafts: DraftKeeper
    checking: CheckRun

    def change(self, move: Callable[[State], State]) -> None:
        """Make a move in the flow and show the state that follows."""

    def begin(self, state: State) -> None:
        """Leave what is open and go on with another state."""

    def resume(self, draft: draft_file.Found) -> None:
        """Go on with what an earlier session left."""

    def mark_letters(self) -> None:
        """Give the labels of the page their letters again, after it changed."""

    def show_help(self, section: str = "") -> None:
        """Show a section of the help, by default the page at hand."""

    def choose_folder(self, folder: Path) -> None:
        """Work with the profiles of another folder."""


class Page(QWidget):
    """One page. It shows a state and reports what a person does; it decides nothing."""

    checks: ChecksPanel | None = None
    """The panel of a page that has checks."""

    def __init__(self, shell: Shell) -> None:
        super().__init__()
        self.shell = shell

    area: QScrollArea | None = None
    """What scrolls on this page, where all of it does."""

    @property
    def working(self) -> bool:
        """Whether a person waits for something that this page does in the background."""
        return False

    def show_state(self, state: State) -> None:
        """Show a state."""

    def show_problems(self, problems: Mapping[str, str]) -> None:
        """Show problems by path."""

    def focus_first(self) -> None:
        """Put the keyboard where typing begins."""

    def focus_on(self, path: str) -> bool:  # noqa: ARG002 - pages with fields take it
        """Put the keyboard into the field of a path; False when the page has none."""
        return False

    def enter(self) -> bool:
        """Do what Enter means on this page; False when it means to go on."""
        return False

    def test_again(self) -> None:
        """Do what F5 means: test anew what the page has to test."""
        if self.checks is not None and self.checks.test.isVisible() and self.checks.test.isEnabled():
            self.checks.test.click()

    def cancel_work(self) -> None:
        """End what this page does in the background."""

    def drop_secrets(self) -> None:
        """The typed passwords are stored, or another profile is opened: none may stay in a field."""

    def take_over(self, former: Self) -> None:
        """Go on where this page stood in another language: `former` is done with. Texts are said again."""
        if self.area and former.area:
            place, bar = former.area.verticalScrollBar().value(), self.area.verticalScrollBar()
            # When the page has found its height.
            QTimer.singleShot(0, bar, lambda: bar.setValue(place))

    def forget(self) -> None:
        """Another profile is shown from now on, or none: nothing of the former may stay, on the page or on the disk."""


def dropped_files(event: QDropEvent) -> list[Path]:
    """The files that are dropped, also those of a share."""
    urls = event.mimeData().urls() if event.mimeData().hasUrls() else []
    return [Path(url.toLocalFile()) for url in urls if url.isLocalFile()]


def scrolled(content: QWidget) -> QScrollArea:
    """Content that scrolls when the window is small, as over a remote desktop at 150 %."""
    inner = QWidget()
    layout = QVBoxLayout(inner)
    layout.setContentsMargins(0, 0, SPACE, 0)
    layout.setSpacing(SPACE * 2)
    layout.addWidget(content)
    layout.addStretch(1)
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setWidget(inner)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    # The area itself takes no keyboard: Tab goes through its fields, which scroll into view.
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return area
