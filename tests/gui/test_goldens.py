"""A few pages beside pictures taken before: small ones, in the program's own font, tolerant of rendering noise.

`APS_GOLDENS=1 pytest tests/gui/test_goldens.py` takes them anew; look at them before they are committed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter

GOLDENS = Path(__file__).parent / "goldens"
SHOWN = ("02-company", "07-options", "08-engine", "13-wrong", "15-paste", "18-help")
"""Pages without paths, addresses of the day, and data sources of the machine."""
THEMES = ("light", "dark")
SIZE = "683x512"
BLOCK = 8
"""Pixels of a block: what is compared is the mean of each, so that a letter that moved by a pixel is no difference."""
FAR = 12
"""Levels of 255 by which a block has to differ."""
SHARE = 0.005
"""Of all blocks, that may differ so."""


@pytest.fixture(scope="module", params=THEMES)
def taken(request: pytest.FixtureRequest, demo_files: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Pictures of a process of its own: it brings its font and its size of letters."""
    out = tmp_path_factory.mktemp("pictures") / request.param
    profile = next(demo_files.glob("*.yaml"))
    command = [sys.executable, "-m", "wizard.gui.pictures", "--profile", str(profile), "--out", str(out)]
    command += ["--size", SIZE, "--theme", request.param, "--scenes"]
    command += ["--only", *(name.partition("-")[2] for name in SHOWN)]
    subprocess.run(command, check=True, capture_output=True, timeout=100, env={**os.environ, "APS_LANG": "en"})
    return out


@pytest.mark.parametrize("name", SHOWN)
def test_a_page_looks_as_before(taken: Path, name: str) -> None:
    golden = GOLDENS / f"{taken.name}-{name}.png"
    if os.environ.get("APS_GOLDENS"):
        shutil.copy(taken / f"{name}.png", golden)
    share = different(QImage(str(golden)), QImage(str(taken / f"{name}.png")))
    assert share <= SHARE, f"{golden.name}: {share:.1%} of the picture differ; APS_GOLDENS=1 takes it anew"


def different(one: QImage, other: QImage) -> float:
    """The share of blocks that differ; 1 for pictures of different sizes."""
    if one.size() != other.size() or one.isNull():
        return 1.0
    small = QSize(max(1, one.width() // BLOCK), max(1, one.height() // BLOCK))
    means = [_means(image, small) for image in (one, other)]
    far = sum(any(abs(a - b) > FAR for a, b in zip(*pair, strict=True)) for pair in zip(*means, strict=True))
    return far / len(means[0])


def _means(image: QImage, small: QSize) -> list[tuple[int, int, int]]:
    scaled = image.convertToFormat(QImage.Format.Format_RGB32).scaled(
        small, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
    )
    colours = (QColor(scaled.pixel(x, y)) for y in range(scaled.height()) for x in range(scaled.width()))
    return [(colour.red(), colour.green(), colour.blue()) for colour in colours]


def _page() -> QImage:
    image = QImage(683, 512, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    painter.fillRect(40, 40, 200, 30, QColor("black"))
    painter.end()
    return image


def test_noise_is_no_difference_and_a_button_elsewhere_is_one() -> None:
    page = _page()
    noisy = page.copy()
    for x in range(0, noisy.width(), 3):
        noisy.setPixelColor(x, x % noisy.height(), QColor("#808080"))
    assert different(page, noisy) <= SHARE
    moved = _page()
    painter = QPainter(moved)
    painter.fillRect(40, 40, 200, 30, QColor("white"))
    painter.fillRect(40, 140, 200, 30, QColor("black"))
    painter.end()
    assert different(page, moved) > SHARE
    assert different(page, moved.scaled(600, 500)) == 1


def test_the_goldens_are_few_and_small() -> None:
    sizes = [file.stat().st_size for file in GOLDENS.iterdir()]
    assert len(sizes) == len(SHOWN) * len(THEMES)
    assert sum(sizes) < 2_000_000
