"""The pins for Windows beside those of the tests: what is shipped is what was tested."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from installer import sources


def test_windows_gets_the_versions_that_are_tested() -> None:
    tested: dict[str, str] = {}
    for group in ("core", "gui"):
        text = (sources.PINS.parent / f"{group}.txt").read_text(encoding="utf-8")
        tested |= {
            sources.normalised(name): version for name, version in re.findall(r"^(\S+)==(\S+)", text, re.MULTILINE)
        }
    shipped = {pin.name: pin.version for pin in sources.pins()}
    assert shipped.items() <= tested.items()
    # Of Windows only, and of other systems only: pip on Debian would take them the wrong way round.
    assert "pywin32-ctypes" in shipped
    assert not {"secretstorage", "jeepney"} & set(shipped)


def test_another_wheel_of_the_same_name_is_not_taken(tmp_path: Path) -> None:
    pin = sources.pins()[0]
    (tmp_path / f"{pin.name.replace('-', '_')}-{pin.version}-py3-none-any.whl").write_bytes(b"changed on the way")
    assert sources.in_cache(tmp_path, [pin]) == {}


def test_a_runtime_without_its_hash_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "python.zip"
    file.write_bytes(b"anything")
    for given in (None, "0" * 64):
        with pytest.raises(sources.BuildError, match=sources.sha256(b"anything")):
            sources.python_for_windows(tmp_path, file, given)
