"""What Start says while there is no profile: what this program does, in three lines, and the demo site to try it."""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from gettext import gettext as _
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from wizard.flow import state as flow
from wizard.flow import words
from wizard.gui.pages.page import Shell
from wizard.gui.parts import announce, heading, wrapped
from wizard.gui.style import SPACE, button_icon, set_icon


class DemoSite(QObject):
    """The demo site of a window: made in the background, open until the window closes."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._open = ExitStack()
        self.before = Path()
        """The folder that was open before."""
        self.folder: Path | None = None
        """Where its profiles are, once it is made."""

    def make(self) -> Path:
        """Make the site and a profile of it. Gives the file. OSError, DemoFailed: it cannot be made."""
        # With its servers it takes longer to load than all the rest of the window, and few ask for it.
        from wizard.demo import walk
        from wizard.demo.site import open_site
        from wizard.flow import review

        folder = Path(tempfile.mkdtemp(prefix="aps-wizard-demo-"))
        walk.claim(folder)
        site = self._open.enter_context(open_site(folder))
        written = review.save(walk.filled_in(site, folder / "profiles"))
        assert written.file is not None  # noqa: S101 - it was written just now
        self.folder = written.file.parent
        return written.file

    def close(self) -> None:
        """End its servers."""
        self._open.close()


class Welcome(QFrame):
    """Three lines and a button. One press leads to the review of the demo site, with its checks running."""

    def __init__(self, shell: Shell) -> None:
        super().__init__()
        self.setObjectName("card")
        self._shell = shell
        self.demo = QPushButton(_("Try it with the demo site"))
        button_icon(self.demo, "demo")
        self.demo.clicked.connect(self._make)
        making = wrapped(_("Making the demo site..."), selectable=False)
        bar = QProgressBar()
        bar.setRange(0, 0)
        bar.setTextVisible(False)
        bar.setMaximumHeight(SPACE)
        bar.setAccessibleName(making.text())
        self.busy = QWidget()
        under_way = QVBoxLayout(self.busy)
        under_way.setContentsMargins(0, 0, 0, 0)
        under_way.addWidget(making)
        under_way.addWidget(bar)
        self.busy.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE * 3, SPACE * 3, SPACE * 3, SPACE * 3)
        layout.setSpacing(SPACE + SPACE // 2)
        layout.addWidget(heading(_("No profile yet"), 1.2))
        for state, text in (
            ("new", _("“New profile” asks for everything in order and can be left at any time.")),
            ("verify", _("Each page tests what was typed against the real systems. Testing never saves.")),
            (
                "demo",
                _("To try it first: the demo site is a small made-up company. Nothing real is touched."),
            ),
        ):
            row = QHBoxLayout()
            row.setSpacing(SPACE)
            mark = QLabel()
            set_icon(mark, state)
            row.addWidget(mark)
            row.addWidget(wrapped(text, selectable=False), 1)
            layout.addLayout(row)
        foot = QHBoxLayout()
        foot.addWidget(self.demo)
        foot.addStretch(1)
        layout.addSpacing(SPACE)
        layout.addLayout(foot)
        layout.addWidget(self.busy)
        layout.addStretch(1)

    def offer_way_back(self, folder: Path) -> None:
        """Say of the demo's folder that it is one, and how to go back to the own profiles."""
        site = self.window().findChild(DemoSite)
        if site is None or folder != site.folder:
            return
        back = (_("Back to my profiles"), lambda: self._shell.choose_folder(site.before))
        self._shell.banner.say("info", _("These are the profiles of the demo site."), (back,))

    def _make(self) -> None:
        if not self.busy.isHidden():
            return
        site = self.window().findChild(DemoSite) or DemoSite(self.window())
        site.before = self._shell.state.folder
        self.busy.show()
        self._shell.banner.silence()
        announce(self, _("Making the demo site..."))
        self._shell.background.start(lambda _report: site.make(), on_done=self._made, on_failed=self._failed)

    def _made(self, file: Path) -> None:
        self.busy.hide()
        self._shell.begin(flow.open_profile(file, "review"))
        self._shell.checking.start((), None)

    def _failed(self, error: Exception) -> None:
        self.busy.hide()
        reason = words.refusal(error) if isinstance(error, OSError) else error
        self._shell.banner.say("fail", _("The demo could not go on: {reason}").format(reason=reason))
