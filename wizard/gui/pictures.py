"""Takes a picture of every page, with its checks run: `python -m wizard.gui.pictures --profile FILE --out FOLDER`."""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path

WAIT_SECONDS = 60


def main() -> int:
    """Write NN-page.png for every page. Exit code 1 when the profile cannot be opened."""
    parser = argparse.ArgumentParser(description="Pictures of every page.")
    parser.add_argument("--profile", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--scale", default="1")
    parser.add_argument("--size", default="1024x768", help="logical pixels of the window")
    options = parser.parse_args()
    os.environ["QT_SCALE_FACTOR"] = options.scale
    if sys.platform.startswith("linux") and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

    from wizard.flow.state import go
    from wizard.flow.steps import IDS
    from wizard.gui.app import application, make_window

    app = application()
    window = make_window(options.profile.parent, options.profile)
    if not window.state.data:
        sys.stderr.write(window.banner.text.text() + "\n")
        return 1
    width, height = (int(number) for number in options.size.split("x"))
    window.resize(width, height)
    window.show()
    options.out.mkdir(parents=True, exist_ok=True)

    def settle() -> None:
        # Pictures are taken outside any event loop; this program has no user who could act meanwhile.
        deadline = time.monotonic() + WAIT_SECONDS
        app.processEvents()
        while window.background.busy and time.monotonic() < deadline:
            app.processEvents()
            time.sleep(0.01)
        for _pass in range(5):
            # A text that came last asks for its lines, and its page for room, one after the other.
            app.processEvents()

    for number, step in enumerate(IDS):
        window.begin(go(window.state, step))
        if window.page.checks is not None:
            window.page.checks.test.click()
        settle()
        window.grab().save(str(options.out / f"{number:02}-{step}.png"))
    window.setProperty("closing", True)
    window.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
